/** What one line of a picture shows. */
export interface CurveSeries {
  readonly name: string;
  readonly points: readonly { readonly step: number; readonly cost: number }[];
}

const WIDTH = 640;
const HEIGHT = 320;
const LEFT = 48;
const RIGHT = 120;
const TOP = 16;
const BOTTOM = 32;
const COLOURS = ['#1f5fa8', '#2a8f6f', '#c0392b', '#b8860b', '#6b4a8e', '#555555'];
const STEP_TICKS = 5;

/**
 * Costs over steps as an SVG, the costs on a logarithmic scale.
 * @param series at least one, with points of positive cost
 */
export function curvePicture(title: string, series: readonly CurveSeries[]): string {
  const points = series.flatMap((each) => each.points);
  const costs = points.map(({ cost }) => cost);
  const [low, high] = [Math.min(...costs), Math.max(...costs)];
  const lastStep = Math.max(...points.map(({ step }) => step));
  const x = (step: number) => LEFT + ((WIDTH - LEFT - RIGHT) * step) / lastStep;
  const span = high > low ? Math.log(high / low) : 1;
  const y = (cost: number) => TOP + ((HEIGHT - TOP - BOTTOM) * Math.log(high / cost)) / span;
  const lines = series.map(({ name, points: line }, index) => {
    const colour = COLOURS[index % COLOURS.length] ?? '#000000';
    const path = line.map(({ step, cost }) => `${x(step).toFixed(1)},${y(cost).toFixed(1)}`);
    const label = text(WIDTH - RIGHT + 8, TOP + 12 + 16 * index, name, colour);
    return `<polyline fill="none" stroke="${colour}" points="${path.join(' ')}"/>${label}`;
  });
  const ticks = costTicks(low, high).map(
    (cost) =>
      `<path stroke="#dddddd" d="M${LEFT} ${y(cost).toFixed(1)}H${WIDTH - RIGHT}"/>${text(4, y(cost) + 4, String(cost))}`,
  );
  const steps = Array.from({ length: STEP_TICKS + 1 }, (_, index) => {
    const step = Math.round((index * lastStep) / STEP_TICKS);
    return text(x(step) - 10, HEIGHT - 10, String(step));
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title><rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    ...ticks,
    ...steps,
    ...lines,
    '</svg>\n',
  ].join('\n');
}

/** One, two and five times the powers of ten within the bounds. */
function costTicks(low: number, high: number): readonly number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const factor of [1, 2, 5]) {
      const tick = Number((factor * 10 ** power).toPrecision(1));
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return ticks;
}

const text = (x: number, y: number, what: string, colour = '#333333'): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${colour}">${escaped(what)}</text>`;

const escaped = (what: string): string =>
  what.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
