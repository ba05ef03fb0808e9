/** One axis: from where to where, and whether its steps are factors of ten. */
export interface Axis {
  readonly title: string;
  readonly low: number;
  readonly high: number;
  readonly isLogarithmic?: boolean;
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
}

export type PlotPoint = readonly [x: number, y: number];

export type Layer =
  | {
      readonly kind: 'line';
      readonly points: readonly PlotPoint[];
      readonly series: 1 | 2 | 3;
      readonly isDashed?: boolean;
    }
  /** The area between two lines, given as [x, low, high]. */
  | {
      readonly kind: 'band';
      readonly points: readonly (readonly [x: number, low: number, high: number])[];
      readonly series: 1 | 2 | 3;
    }
  /** A dot with the interval it stands in. */
  | {
      readonly kind: 'dot';
      readonly x: number;
      readonly y: number;
      readonly interval: readonly [number, number];
      readonly series: 1 | 2 | 3;
    };

export interface Plot {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly layers: readonly Layer[];
  /** Name of each series, in order. */
  readonly legend: readonly string[];
}

const [WIDTH, HEIGHT] = [560, 360];
const FRAME = { left: 64, top: 16, right: 540, bottom: 300 };

/** A plot as SVG that takes its colours from the page around it. */
export function svgPlot({ title, x, y, layers, legend }: Plot): string {
  const toX = scaleOf(x, FRAME.left, FRAME.right);
  const toY = scaleOf(y, FRAME.bottom, FRAME.top);
  const marks = layers.map((layer) => markOf(layer, toX, toY)).join('');
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeText(title)}">`,
    ...x.ticks.map((tick) => verticalTick(toX(tick), x.format(tick))),
    ...y.ticks.map((tick) => horizontalTick(toY(tick), y.format(tick))),
    `<clipPath id="frame"><rect x="${FRAME.left}" y="${FRAME.top}" width="${FRAME.right - FRAME.left}" height="${FRAME.bottom - FRAME.top}"/></clipPath>`,
    `<g clip-path="url(#frame)">${marks}</g>`,
    `<text class="axis" x="${(FRAME.left + FRAME.right) / 2}" y="${FRAME.bottom + 40}" text-anchor="middle">${escapeText(x.title)}</text>`,
    `<text class="axis" transform="translate(14 ${(FRAME.top + FRAME.bottom) / 2}) rotate(-90)" text-anchor="middle">${escapeText(y.title)}</text>`,
    ...legend.map(legendEntry),
    '</svg>',
  ].join('');
}

export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

type Scale = (value: number) => number;

function scaleOf({ low, high, isLogarithmic = false }: Axis, from: number, to: number): Scale {
  const place = (value: number): number =>
    isLogarithmic ? Math.log10(Math.max(value, low)) : value;
  const [first, last] = [place(low), place(high)];
  return (value) => from + ((to - from) * (place(value) - first)) / (last - first);
}

const at = (value: number): string => value.toFixed(1);
const pathOf = (points: readonly PlotPoint[]): string =>
  points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${at(x)} ${at(y)}`).join('');

function markOf(layer: Layer, toX: Scale, toY: Scale): string {
  switch (layer.kind) {
    case 'line': {
      const path = pathOf(layer.points.map(([x, y]) => [toX(x), toY(y)]));
      const dash = layer.isDashed === true ? ' stroke-dasharray="5 5"' : '';
      return `<path class="line s${layer.series}" d="${path}"${dash}/>`;
    }
    case 'band': {
      const upper = layer.points.map(([x, , high]): PlotPoint => [toX(x), toY(high)]);
      const lower = layer.points.map(([x, low]): PlotPoint => [toX(x), toY(low)]);
      return `<path class="band s${layer.series}" d="${pathOf([...upper, ...lower.toReversed()])}Z"/>`;
    }
    case 'dot': {
      const [low, high] = layer.interval;
      const x = at(toX(layer.x));
      return `<path class="line s${layer.series}" d="M${x} ${at(toY(low))}V${at(toY(high))}"/><circle class="dot s${layer.series}" cx="${x}" cy="${at(toY(layer.y))}" r="4"/>`;
    }
  }
}

const verticalTick = (x: number, label: string): string =>
  `<path class="grid" d="M${at(x)} ${FRAME.top}V${FRAME.bottom}"/><text class="tick" x="${at(x)}" y="${FRAME.bottom + 18}" text-anchor="middle">${escapeText(label)}</text>`;

const horizontalTick = (y: number, label: string): string =>
  `<path class="grid" d="M${FRAME.left} ${at(y)}H${FRAME.right}"/><text class="tick" x="${FRAME.left - 8}" y="${at(y + 4)}" text-anchor="end">${escapeText(label)}</text>`;

const legendEntry = (name: string, index: number): string => {
  const x = FRAME.left + index * 170;
  return `<path class="line s${index + 1}" d="M${x} ${HEIGHT - 7}h22"/><text class="tick" x="${x + 28}" y="${HEIGHT - 3}">${escapeText(name)}</text>`;
};
