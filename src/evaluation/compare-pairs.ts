import { cosineSimilarity } from '../numeric/linear-algebra.ts';
import type { Compare } from './comparators/comparator.ts';
import type { LabelledComparison } from './comparison-scores.ts';
import type { LabelledPair } from './pairs-csv.ts';
import type { EncodedPicture } from './picture-encoder.ts';

/** Compares the two pictures of each pair, by their cosine unless told otherwise; in the order of the list. */
export function comparePairs(
  pairs: readonly LabelledPair[],
  encoded: ReadonlyMap<string, EncodedPicture>,
  compare: Compare = cosineSimilarity,
): readonly (LabelledPair & LabelledComparison)[] {
  return pairs.map((pair) => {
    const left = encoded.get(pair.left);
    const right = encoded.get(pair.right);
    const similarity =
      left?.outcome === 'encoded' && right?.outcome === 'encoded'
        ? compare(left.embedding, right.embedding)
        : 'not-acquired';
    return { ...pair, similarity };
  });
}
