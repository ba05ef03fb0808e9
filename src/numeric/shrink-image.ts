import type { RgbImage, TensorImage } from './sample-image.ts';

/** Where the shrunk picture lies inside the target, in target pixels. */
export interface Placement {
  readonly leftPx: number;
  readonly topPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * Shrinks pictures of one size, by two or more, into a fixed place of a model's input: each target
 * pixel is the mean of a block of whole source pixels about its centre. One pass, nothing allocated
 * per picture, a third of the time of exact area weights.
 */
export class ImageShrinker {
  readonly #placement: Placement;
  /** Side of the block, in source pixels. */
  readonly #block: number;
  /** First source column of each target column, first source row of each target row. */
  readonly #columns: Int32Array;
  readonly #rows: Int32Array;

  constructor(source: { readonly widthPx: number; readonly heightPx: number }, to: Placement) {
    this.#placement = to;
    this.#block = Math.max(1, Math.floor(source.widthPx / to.widthPx));
    this.#columns = blockStarts(source.widthPx, to.widthPx, this.#block);
    this.#rows = blockStarts(source.heightPx, to.heightPx, this.#block);
  }

  /**
   * Writes the picture into its place; the rest of `target` is left alone.
   * @param source  packed RGB of the size given at construction
   */
  shrink(source: RgbImage, target: TensorImage): void {
    if (this.#block === 2) this.#shrinkByTwo(source, target);
    else this.#shrinkByBlocks(source, target);
  }

  /** The same as below, a third faster: this is every frame of 640 x 480 on its way to the detector. */
  #shrinkByTwo({ rgb, widthPx: sourceWidthPx }: RgbImage, target: TensorImage): void {
    const { leftPx, topPx, widthPx, heightPx } = this.#placement;
    const { data, pixelStride } = target;
    const [redAt, greenAt, blueAt] = target.offsets;
    const [redBias, greenBias, blueBias] = target.biases;
    const columns = this.#columns;
    const redScale = target.scales[0] / 4;
    const greenScale = target.scales[1] / 4;
    const blueScale = target.scales[2] / 4;
    const rowBytes = sourceWidthPx * 3;
    for (let row = 0; row < heightPx; row += 1) {
      const rowStart = this.#rows[row]! * rowBytes;
      let at = ((topPx + row) * target.widthPx + leftPx) * pixelStride;
      for (let column = 0; column < widthPx; column += 1) {
        const up = rowStart + columns[column]! * 3;
        const down = up + rowBytes;
        const red = rgb[up]! + rgb[up + 3]! + rgb[down]! + rgb[down + 3]!;
        const green = rgb[up + 1]! + rgb[up + 4]! + rgb[down + 1]! + rgb[down + 4]!;
        const blue = rgb[up + 2]! + rgb[up + 5]! + rgb[down + 2]! + rgb[down + 5]!;
        data[redAt + at] = red * redScale + redBias;
        data[greenAt + at] = green * greenScale + greenBias;
        data[blueAt + at] = blue * blueScale + blueBias;
        at += pixelStride;
      }
    }
  }

  #shrinkByBlocks({ rgb, widthPx: sourceWidthPx }: RgbImage, target: TensorImage): void {
    const { leftPx, topPx, widthPx, heightPx } = this.#placement;
    const { data, pixelStride } = target;
    const [redAt, greenAt, blueAt] = target.offsets;
    const [redBias, greenBias, blueBias] = target.biases;
    const block = this.#block;
    const columns = this.#columns;
    const redScale = target.scales[0] / (block * block);
    const greenScale = target.scales[1] / (block * block);
    const blueScale = target.scales[2] / (block * block);
    const rowBytes = sourceWidthPx * 3;
    for (let row = 0; row < heightPx; row += 1) {
      const rowStart = this.#rows[row]! * rowBytes;
      let at = ((topPx + row) * target.widthPx + leftPx) * pixelStride;
      for (let column = 0; column < widthPx; column += 1) {
        let red = 0;
        let green = 0;
        let blue = 0;
        let blockRow = rowStart + columns[column]! * 3;
        for (let down = 0; down < block; down += 1) {
          let from = blockRow;
          for (let across = 0; across < block; across += 1) {
            red += rgb[from]!;
            green += rgb[from + 1]!;
            blue += rgb[from + 2]!;
            from += 3;
          }
          blockRow += rowBytes;
        }
        data[redAt + at] = red * redScale + redBias;
        data[greenAt + at] = green * greenScale + greenBias;
        data[blueAt + at] = blue * blueScale + blueBias;
        at += pixelStride;
      }
    }
  }
}

function blockStarts(sourceLength: number, targetLength: number, block: number): Int32Array {
  const ratio = sourceLength / targetLength;
  return Int32Array.from({ length: targetLength }, (_value, index) => {
    const start = Math.round((index + 0.5) * ratio - block / 2);
    return Math.max(0, Math.min(sourceLength - block, start));
  });
}
