/**
 * Chance that a positive scores higher than a negative, ties counting one half.
 * @param positives  at least one
 * @param negatives  at least one
 * @returns in [0, 1]; NaN when one side is empty
 * Source: the Mann-Whitney statistic
 */
export function areaUnderRoc(positives: readonly number[], negatives: readonly number[]): number {
  const sorted = [...negatives].sort((left, right) => left - right);
  let wins = 0;
  for (const positive of positives) {
    wins += (below(sorted, positive, false) + below(sorted, positive, true)) / 2;
  }
  return wins / (positives.length * negatives.length);
}

/** How many of the sorted values are below `limit`, or not above it. */
function below(sorted: readonly number[], limit: number, inclusive: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = sorted[middle] ?? Number.NaN;
    if (value < limit || (inclusive && value === limit)) low = middle + 1;
    else high = middle;
  }
  return low;
}
