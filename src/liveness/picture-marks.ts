import type { MarkWeights } from '../domain/liveness-fusion.ts';
import type { CueKind } from './cues/cue.ts';
import { type FusionScore, fusionScore } from './fusion-score.ts';

/**
 * How much likelier the pixels are of a person than of a picture, as far as generated clips can teach that.
 * @param values  (cues) float64 in the order of `marks.cues`; NaN for a missing cue
 * @returns undefined when every cue is missing: no evidence
 */
export function markScore(
  marks: Omit<MarkWeights, 'data' | 'penalty' | 'aucs'>,
  values: Float64Array,
): FusionScore | undefined {
  if (values.every(Number.isNaN)) return undefined;
  const kinds = marks.cues.map((): CueKind => 'appearance');
  return fusionScore(marks, marks, values, kinds);
}

/**
 * Lets the marks of a picture speak against a track and never for it; and since no real clip has
 * taught them, they can only keep the door from letting in by looking on, which leaves the challenge:
 * nobody who was only looked at is refused on their account.
 */
export function withMarks(score: FusionScore, marks: FusionScore | undefined): FusionScore {
  if (marks === undefined || !(marks.logLikelihoodRatio < 0)) return score;
  return {
    ...score,
    logLikelihoodRatio: score.logLikelihoodRatio + marks.logLikelihoodRatio,
    marksRatio: marks.logLikelihoodRatio,
    contributions: [...score.contributions, ...marks.contributions],
  };
}
