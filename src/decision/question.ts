import type { Candidate } from '../domain/match.ts';
import type { CheckedPolicy } from './checked-policy.ts';
import type { Evidence, Moment } from './evidence.ts';
import type { Threshold } from './threshold.ts';

/** The evidence with what follows from it alone: what each proof looks at. */
export interface Question {
  readonly evidence: Evidence;
  readonly policy: CheckedPolicy;
  readonly now: Moment;
  /** The most similar person, whether similar enough or not. */
  readonly best: Candidate | undefined;
  /** The encoder that compared. */
  readonly modelId: string | undefined;
  /** tau(N) for this comparison. */
  readonly threshold: Threshold;
}

export function questionOf(evidence: Evidence, policy: CheckedPolicy, now: Moment): Question {
  return {
    evidence,
    policy,
    now,
    best: evidence.comparison?.search.candidates[0],
    modelId: evidence.comparison?.search.modelId,
    threshold: thresholdOf(evidence, policy),
  };
}

function thresholdOf({ comparison }: Evidence, policy: CheckedPolicy): Threshold {
  if (comparison === undefined) return { outcome: 'missing', because: 'nothing was compared' };
  const { modelId, templatesCompared } = comparison.search;
  const { targetFpir, targetClaimFpr } = policy.rules;
  const rate = comparison.kind === 'identification' ? targetFpir : targetClaimFpr;
  // An empty search is its own reason to deny; it must not hide that a curve is there.
  return policy.thresholdOf(modelId, rate, templatesCompared === 0 ? 1 : templatesCompared);
}
