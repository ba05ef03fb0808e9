import type { Embedding } from '../../domain/probe.ts';

export type FeatureName = 'absolute-difference' | 'chi-square';

/** Writes one feature per component of two vectors of one length; all of them >= 0, and 0 where both agree. */
export type WriteFeatures = (
  left: Embedding,
  right: Embedding,
  target: Float32Array,
  offset: number,
) => void;

/** |f_i - f_j| */
const absoluteDifference: WriteFeatures = (left, right, target, offset) => {
  for (let k = 0; k < left.length; k += 1) {
    target[offset + k] = Math.abs((left[k] ?? Number.NaN) - (right[k] ?? Number.NaN));
  }
};

/**
 * (f_i - f_j)^2 / (|f_i| + |f_j|), and 0 where both are 0.
 *
 * The chi-square distance is defined for histograms, f >= 0; with signs f_i + f_j may vanish or be negative.
 * A signed component is taken as two histogram bins, its positive and its negative part, max(f, 0) and
 * max(-f, 0). The two bins' chi-square terms add up to exactly this expression: with equal signs one bin
 * is empty in both; with opposite signs each bin is empty in one, and the terms are |f_i| and |f_j|.
 */
const chiSquare: WriteFeatures = (left, right, target, offset) => {
  for (let k = 0; k < left.length; k += 1) {
    const [a, b] = [left[k] ?? Number.NaN, right[k] ?? Number.NaN];
    const sum = Math.abs(a) + Math.abs(b);
    target[offset + k] = sum === 0 ? 0 : (a - b) ** 2 / sum;
  }
};

export const PAIR_FEATURES: Readonly<Record<FeatureName, WriteFeatures>> = {
  'absolute-difference': absoluteDifference,
  'chi-square': chiSquare,
};
