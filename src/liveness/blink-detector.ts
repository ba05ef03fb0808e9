import type { MonotonicMs } from '../domain/units.ts';
import type { FaceShape } from './face-shape.ts';

/**
 * Both eyes below this share of their usual opening are shut: over 6,000 frames of pictures and screens
 * 3 are, so noise of the mesh does not make a blink.
 */
const SHUT = 0.7;
/** Above this share they are open again. */
const OPEN = 0.85;
/** A blink lasts 0.1 to 0.4 s, one made on request up to about a second. */
const LONGEST_MS = 1_000;
/** The usual opening is the median of so many samples. */
const HISTORY = 15;
/** With fewer there is no usual opening yet. */
const LEAST_HISTORY = 3;

/**
 * Finds blinks: both eyes shut together and open again within a second. One eye alone, eyes that stay
 * shut, and eyes that were shut from the beginning are none.
 */
export class BlinkDetector {
  #left: number[] = [];
  #right: number[] = [];
  #shutAtMs: MonotonicMs | undefined;

  /** @returns true on the sample with which a blink is complete */
  observe({ leftEyeRatio, rightEyeRatio }: FaceShape, atMs: MonotonicMs): boolean {
    const left = leftEyeRatio / median(this.#left);
    const right = rightEyeRatio / median(this.#right);
    if (this.#left.length < LEAST_HISTORY) {
      this.#remember(leftEyeRatio, rightEyeRatio);
      return false;
    }
    if (left < SHUT && right < SHUT) {
      this.#shutAtMs ??= atMs;
      return false;
    }
    const isOpen = left > OPEN && right > OPEN;
    if (isOpen) this.#remember(leftEyeRatio, rightEyeRatio);
    const shutAtMs = this.#shutAtMs;
    if (shutAtMs === undefined || !isOpen) return false;
    this.#shutAtMs = undefined;
    return atMs - shutAtMs <= LONGEST_MS;
  }

  /** Only open eyes are remembered, so that long shut ones do not become usual. */
  #remember(left: number, right: number): void {
    this.#left = [...this.#left, left].slice(-HISTORY);
    this.#right = [...this.#right, right].slice(-HISTORY);
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
