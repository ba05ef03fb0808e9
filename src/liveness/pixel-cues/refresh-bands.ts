import type { RgbImage } from '../../numeric/sample-image.ts';
import { type FaceAxes, interEyeOf } from './face-window.ts';

/** Columns of the frame that are looked at, and rows that are averaged into one. */
const COLUMNS = 24;
const ROW_STEP = 4;
/** Half width and reach below and above the eyes, in inter-eye distances. */
const HALF_WIDTH = 0.7;
const ABOVE = 0.7;
const BELOW = 1.4;

/**
 * Refresh bands: a rolling shutter sees a flickering display in bands across the frame, which move from
 * frame to frame while what is shown does not. Compares the brightness of each row of the face with that
 * of the frame before. About 0.05 ms.
 */
export class RefreshBands {
  #before: Float32Array | undefined;

  /**
   * @returns natural logarithm of the root mean square change of brightness from row to row, after the
   *   common change is taken out; undefined for the first frame
   */
  measure(frame: RgbImage, axes: FaceAxes): number | undefined {
    const now = this.#rowBrightness(frame, axes);
    const before = this.#before;
    this.#before = now;
    if (before === undefined) return undefined;
    let [sum, squares, count] = [0, 0, 0];
    for (let row = 0; row < now.length; row += 1) {
      const change = (now[row] ?? Number.NaN) - (before[row] ?? Number.NaN);
      // Rows where the face was not in both frames.
      if (Number.isNaN(change)) continue;
      sum += change;
      squares += change * change;
      count += 1;
    }
    if (count < 8) return undefined;
    return 0.5 * Math.log(Math.max(0, squares / count - (sum / count) ** 2) + 1e-8);
  }

  reset(): void {
    this.#before = undefined;
  }

  /** Logarithm of the mean brightness of rows of the frame, where the face is; NaN elsewhere. */
  #rowBrightness(frame: RgbImage, axes: FaceAxes): Float32Array {
    const size = interEyeOf(axes);
    const rows = new Float32Array(Math.ceil(frame.heightPx / ROW_STEP)).fill(Number.NaN);
    const from = Math.max(0, Math.ceil((axes.y - ABOVE * size) / ROW_STEP));
    const to = Math.min(rows.length, Math.floor((axes.y + BELOW * size) / ROW_STEP));
    const left = axes.x - HALF_WIDTH * size;
    const step = (2 * HALF_WIDTH * size) / COLUMNS;
    for (let row = from; row < to; row += 1) {
      let sum = 0;
      for (let column = 0; column < COLUMNS; column += 1) {
        sum += greenAround(frame, Math.round(left + column * step), row * ROW_STEP);
      }
      rows[row] = Math.log(sum / (COLUMNS * ROW_STEP) + 1);
    }
    return rows;
  }
}

/** Sum of green down the rows of a band. */
function greenAround({ rgb, widthPx, heightPx }: RgbImage, x: number, y: number): number {
  const column = Math.max(0, Math.min(widthPx - 1, x));
  let sum = 0;
  for (let row = y; row < y + ROW_STEP; row += 1) {
    sum += rgb[3 * (Math.min(heightPx - 1, row) * widthPx + column) + 1] ?? 0;
  }
  return sum;
}
