import { elementCount, type Shape } from '../graph/tensor.ts';
import { seededRandom } from '../numeric/random.ts';

/** What a painting net is made of. */
export interface PainterDesign {
  /** Channels at full, half and quarter size. */
  readonly channels: readonly [full: number, half: number, quarter: number];
  /** Residual blocks at quarter size. */
  readonly blocks: number;
  readonly styles: number;
}

/** What the shipped painter is made of, styles aside. */
export const PAINTER_DESIGN: Omit<PainterDesign, 'styles'> = { channels: [16, 32, 48], blocks: 5 };

/** One convolution: (filters, channels, kernel, kernel). */
export interface PainterLayer {
  readonly name: string;
  readonly shape: readonly [filters: number, channels: number, rows: number, columns: number];
}

/** One array of numbers that training changes. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: Shape;
}

const EDGE_KERNEL = 5;
const KERNEL = 3;

/** Name of the last layer, which alone is not normalised and has a bias. */
export const LAST_LAYER = 'out';
/** Scale and shift of every normalised channel, a row per style: (styles, {@link rowLength}). */
export const STYLE_TABLE = 'styles';
export const LAST_BIAS = 'out.bias';

/** The convolutions in the order in which they run. */
export function painterLayers({ channels, blocks }: PainterDesign): readonly PainterLayer[] {
  const [full, half, quarter] = channels;
  const layer = (name: string, filters: number, from: number, kernel = KERNEL): PainterLayer => ({
    name,
    shape: [filters, from, kernel, kernel],
  });
  return [
    layer('in', full, 3, EDGE_KERNEL),
    layer('down1', half, full),
    layer('down2', quarter, half),
    ...Array.from({ length: blocks }, (_, index) => [
      layer(`block${index}a`, quarter, quarter),
      layer(`block${index}b`, quarter, quarter),
    ]).flat(),
    layer('up1', half, quarter),
    layer('up2', full, half),
    layer(LAST_LAYER, 3, full, EDGE_KERNEL),
  ];
}

/** The layers whose channels are normalised, and scaled and shifted as the style says. */
export const normalisedLayers = (design: PainterDesign): readonly PainterLayer[] =>
  painterLayers(design).filter(({ name }) => name !== LAST_LAYER);

/** Numbers per style: scale and shift of each normalised channel. */
export const rowLength = (design: PainterDesign): number =>
  normalisedLayers(design).reduce((sum, { shape: [filters] }) => sum + 2 * filters, 0);

/** All that training changes, in the order in which it lies in one flat array. */
export const parameterSpecs = (design: PainterDesign): readonly ParameterSpec[] => [
  ...painterLayers(design),
  { name: LAST_BIAS, shape: [3] },
  { name: STYLE_TABLE, shape: [design.styles, rowLength(design)] },
];

export const parameterCount = (design: PainterDesign): number =>
  parameterSpecs(design).reduce((sum, { shape }) => sum + elementCount(shape), 0);

/** Each parameter's part of the flat array; views, not copies. */
export function parameterViews(
  design: PainterDesign,
  flat: Float32Array,
): ReadonlyMap<string, Float32Array> {
  let offset = 0;
  return new Map(
    parameterSpecs(design).map(({ name, shape }) => {
      const start = offset;
      offset += elementCount(shape);
      return [name, flat.subarray(start, offset)];
    }),
  );
}

/**
 * What training begins with: kernels drawn so that signals keep their size through rectifiers,
 * every style scaling by one and shifting by nothing.
 * Source: He et al. 2015, Delving Deep into Rectifiers, eq. 10
 */
export function initialParameters(design: PainterDesign, seed: number): Float32Array {
  const flat = new Float32Array(parameterCount(design));
  const views = parameterViews(design, flat);
  const random = seededRandom(seed);
  for (const { name, shape } of painterLayers(design)) {
    const [, channels, rows, columns] = shape;
    const deviation = Math.sqrt((name === LAST_LAYER ? 1 : 2) / (channels * rows * columns));
    views.get(name)?.forEach((_, index, kernel) => {
      kernel[index] = deviation * normal(random);
    });
  }
  const table = views.get(STYLE_TABLE) ?? new Float32Array();
  for (let style = 0; style < design.styles; style++) {
    table.set(neutralRow(design), style * rowLength(design));
  }
  return flat;
}

/** Scales of one, shifts of nothing, layer after layer. */
export function neutralRow(design: PainterDesign): Float32Array {
  const row = new Float32Array(rowLength(design));
  let offset = 0;
  for (const {
    shape: [filters],
  } of normalisedLayers(design)) {
    row.fill(1, offset, offset + filters);
    offset += 2 * filters;
  }
  return row;
}

/** One draw of a normal distribution. Source: Box and Muller 1958 */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
