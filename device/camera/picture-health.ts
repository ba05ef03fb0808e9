import type { FrameSize } from '../../src/domain/frame.ts';
import type { MonotonicMs } from '../../src/domain/units.ts';

export type PictureVerdict = 'good' | 'frozen' | 'black';

export interface PictureHealthLimits {
  /** Identical pictures in a row before the picture counts as frozen; sensors have noise, so none is normal. */
  readonly frozenFrames: number;
  /** And for at least this long. */
  readonly frozenMs: number;
  /** At or below this mean luminance (0..255) ... */
  readonly blackMean: number;
  /** ... with at most this standard deviation, a picture is black. */
  readonly blackDeviation: number;
  /** Below this standard deviation a picture of any brightness shows nothing. */
  readonly blankDeviation: number;
  /** How long it stays black or blank before that is a verdict. */
  readonly blackMs: number;
  /** Pictures in a row without that defect before the verdict is good again. */
  readonly recoveryFrames: number;
}

export const DEFAULT_HEALTH_LIMITS: PictureHealthLimits = {
  frozenFrames: 20,
  frozenMs: 2_000,
  blackMean: 12,
  blackDeviation: 5,
  blankDeviation: 0.75,
  blackMs: 2_000,
  recoveryFrames: 3,
};

/** Pixels looked at per frame: enough that noise of one least significant bit always shows. */
const SAMPLES = 8_192;

/**
 * Tells a picture that stands still to the last bit, or shows nothing, from a living one. Fed once per
 * frame; looks at some eight thousand pixels and keeps no picture.
 */
export class PictureHealth {
  readonly #limits: PictureHealthLimits;
  readonly #stridePixels: number;
  #hash: number | undefined;
  /** Pictures equal to the one before, and since when. */
  #identical = 0;
  #sameSinceMs = 0;
  #darkSinceMs: number | undefined;
  #cleanFrames = 0;
  #verdict: PictureVerdict = 'good';

  constructor(size: FrameSize, limits: Partial<PictureHealthLimits> = {}) {
    this.#limits = { ...DEFAULT_HEALTH_LIMITS, ...limits };
    this.#stridePixels = strideFor(size);
  }

  /**
   * @param rgb  packed RGB of the size given at construction
   * @returns the verdict on the pictures up to this one
   */
  inspect(rgb: Uint8Array, capturedAtMs: MonotonicMs): PictureVerdict {
    const { hash, mean, deviation } = samplePicture(rgb, this.#stridePixels);
    const isSame = hash === this.#hash;
    if (isSame) this.#identical += 1;
    else {
      this.#hash = hash;
      this.#identical = 0;
      this.#sameSinceMs = capturedAtMs;
    }
    const isDark = this.#showsNothing(mean, deviation);
    this.#darkSinceMs = isDark ? (this.#darkSinceMs ?? capturedAtMs) : undefined;
    this.#judge(!isSame && !isDark, capturedAtMs);
    return this.#verdict;
  }

  #showsNothing(mean: number, deviation: number): boolean {
    const { blackMean, blackDeviation, blankDeviation } = this.#limits;
    return deviation < blankDeviation || (mean <= blackMean && deviation <= blackDeviation);
  }

  #judge(isClean: boolean, nowMs: number): void {
    const { blackMs, frozenFrames, frozenMs, recoveryFrames } = this.#limits;
    this.#cleanFrames = isClean ? this.#cleanFrames + 1 : 0;
    // A black picture is mostly identical too: black comes first, it is what the installer can see.
    if (this.#darkSinceMs !== undefined && nowMs - this.#darkSinceMs >= blackMs) {
      this.#verdict = 'black';
    } else if (this.#identical >= frozenFrames && nowMs - this.#sameSinceMs >= frozenMs) {
      this.#verdict = 'frozen';
    } else if (this.#cleanFrames >= recoveryFrames) {
      this.#verdict = 'good';
    }
  }
}

/** @returns pixels between samples, coprime to the width so that samples walk over all columns */
function strideFor(size: FrameSize): number {
  const divisor = (left: number, right: number): number =>
    right === 0 ? left : divisor(right, left % right);
  let stride = Math.max(1, Math.floor((size.widthPx * size.heightPx) / SAMPLES));
  while (divisor(size.widthPx, stride) !== 1) stride -= 1;
  return stride;
}

/**
 * One pass over every `stridePixels`-th pixel.
 * @returns FNV-1a over the sampled bytes; mean and standard deviation of (r + 2g + b) / 4, 0..255
 */
export function samplePicture(
  rgb: Uint8Array,
  stridePixels: number,
): { readonly hash: number; readonly mean: number; readonly deviation: number } {
  let hash = 0x811c9dc5;
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let at = 0; at + 2 < rgb.length; at += 3 * stridePixels) {
    const red = rgb[at] ?? 0;
    const green = rgb[at + 1] ?? 0;
    const blue = rgb[at + 2] ?? 0;
    hash = Math.imul(hash ^ red ^ (green << 8) ^ (blue << 16), 0x01000193);
    const luminance = (red + 2 * green + blue) / 4;
    sum += luminance;
    squares += luminance * luminance;
    count += 1;
  }
  const mean = count === 0 ? 0 : sum / count;
  const variance = count === 0 ? 0 : Math.max(0, squares / count - mean * mean);
  return { hash, mean, deviation: Math.sqrt(variance) };
}
