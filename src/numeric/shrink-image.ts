import type { RgbImage, TensorImage } from './sample-image.ts';

/** Which part of a source axis each target pixel covers, with the share of its border pixels. */
interface AxisTable {
  /** First source pixel of target pixel i. */
  readonly first: Int32Array;
  /** Number of source pixels of target pixel i. */
  readonly count: Int32Array;
  /** (targets, widest) weights, summing to 1 per target pixel. */
  readonly weights: Float32Array;
  readonly widest: number;
}

/** Where the shrunk picture lies inside the target, in target pixels. */
export interface Placement {
  readonly leftPx: number;
  readonly topPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * Shrinks pictures of one size into a fixed place of a model's input by averaging the area that
 * each target pixel covers: no aliasing, one pass over the source, nothing allocated per picture.
 */
export class ImageShrinker {
  readonly #columns: AxisTable;
  readonly #rows: AxisTable;
  readonly #placement: Placement;
  /** One target row: the weighted sum of its source rows, already shrunk horizontally. */
  readonly #row: Float32Array;

  constructor(source: { readonly widthPx: number; readonly heightPx: number }, to: Placement) {
    this.#columns = axisTable(source.widthPx, to.widthPx);
    this.#rows = axisTable(source.heightPx, to.heightPx);
    this.#placement = to;
    this.#row = new Float32Array(to.widthPx * 3);
  }

  /**
   * Writes the picture into its place; the rest of `target` is left alone.
   * @param source  packed RGB of the size given at construction
   */
  shrink(source: RgbImage, target: TensorImage): void {
    const { widest, first, count, weights } = this.#rows;
    for (let row = 0; row < this.#placement.heightPx; row += 1) {
      this.#row.fill(0);
      for (let step = 0; step < count[row]!; step += 1) {
        this.#addRow(source, first[row]! + step, weights[row * widest + step]!);
      }
      this.#writeRow(row, target);
    }
  }

  #addRow(source: RgbImage, sourceRow: number, rowWeight: number): void {
    const { rgb, widthPx } = source;
    const { widest, first, count, weights } = this.#columns;
    const sums = this.#row;
    const rowStart = sourceRow * widthPx * 3;
    for (let column = 0; column < this.#placement.widthPx; column += 1) {
      let red = 0;
      let green = 0;
      let blue = 0;
      let at = rowStart + first[column]! * 3;
      const end = column * widest + count[column]!;
      for (let step = column * widest; step < end; step += 1, at += 3) {
        const weight = weights[step]!;
        red += rgb[at]! * weight;
        green += rgb[at + 1]! * weight;
        blue += rgb[at + 2]! * weight;
      }
      sums[column * 3]! += red * rowWeight;
      sums[column * 3 + 1]! += green * rowWeight;
      sums[column * 3 + 2]! += blue * rowWeight;
    }
  }

  #writeRow(row: number, target: TensorImage): void {
    const { leftPx, topPx, widthPx } = this.#placement;
    const start = ((topPx + row) * target.widthPx + leftPx) * target.pixelStride;
    for (let channel = 0; channel < 3; channel += 1) {
      const scale = target.scales[channel]!;
      const bias = target.biases[channel]!;
      let at = target.offsets[channel]! + start;
      for (let column = 0; column < widthPx; column += 1, at += target.pixelStride) {
        target.data[at] = this.#row[column * 3 + channel]! * scale + bias;
      }
    }
  }
}

function axisTable(sourceLength: number, targetLength: number): AxisTable {
  const ratio = sourceLength / targetLength;
  const widest = Math.ceil(ratio) + 1;
  const first = new Int32Array(targetLength);
  const count = new Int32Array(targetLength);
  const weights = new Float32Array(targetLength * widest);
  for (let index = 0; index < targetLength; index += 1) {
    const from = index * ratio;
    const to = Math.min(sourceLength, from + ratio);
    const start = Math.min(sourceLength - 1, Math.floor(from + 1e-9));
    const end = Math.max(start + 1, Math.ceil(to - 1e-9));
    first[index] = start;
    count[index] = end - start;
    for (let pixel = start; pixel < end; pixel += 1) {
      const covered = Math.min(to, pixel + 1) - Math.max(from, pixel);
      weights[index * widest + pixel - start] = covered / (to - from);
    }
  }
  return { first, count, weights, widest };
}
