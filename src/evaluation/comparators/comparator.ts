import type { Embedding } from '../../domain/probe.ts';
import { cosineSimilarity, squaredDistance } from '../../numeric/linear-algebra.ts';
import type { FeatureName } from './pair-features.ts';

/** Comparators without anything to learn. */
export const FIXED_COMPARATORS = ['squared-euclidean', 'cosine'] as const;

/** The ways to say how alike two embeddings are; the last two are learned heads. */
export const COMPARATORS = [
  ...FIXED_COMPARATORS,
  'absolute-difference',
  'chi-square',
] as const satisfies readonly (FeatureName | (typeof FIXED_COMPARATORS)[number])[];
export type ComparatorName = (typeof COMPARATORS)[number];
export type FixedComparator = (typeof FIXED_COMPARATORS)[number];

/** How alike two embeddings are: any scale, higher is more alike. */
export type Compare = (left: Embedding, right: Embedding) => number;

export const isLearned = (name: ComparatorName): name is FeatureName =>
  name === 'absolute-difference' || name === 'chi-square';

/**
 * The door's comparator and its twin: for unit vectors the squared distance is 2 - 2 cos, so the two
 * order all pairs alike.
 */
export const FIXED: Readonly<Record<FixedComparator, Compare>> = {
  cosine: cosineSimilarity,
  'squared-euclidean': (left, right) => -squaredDistance(left, right),
};
