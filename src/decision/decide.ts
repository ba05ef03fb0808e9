import type { AccessDecision, Grant } from '../domain/decision.ts';
import { DENY_REASONS, type DenyReason } from '../domain/deny-reasons.ts';
import type { CheckedPolicy } from './checked-policy.ts';
import type { Evidence, Moment } from './evidence.ts';
import { PROOFS } from './proofs.ts';
import { type Question, questionOf } from './question.ts';

/**
 * Whether the door may open: a pure function of three plain values. It begins with every reason to
 * deny and strikes out those that the evidence disproves; only an empty list is a grant. What is
 * missing, malformed, not a number, or throws when it is read disproves nothing.
 * @param evidence  what the stages and the gate found, about one frame and its track
 * @param policy    what is demanded
 * @param now       on both clocks
 * @returns a grant, or the reasons against it, most severe first
 */
export function decide(evidence: Evidence, policy: CheckedPolicy, now: Moment): AccessDecision {
  const question = readable(() => questionOf(evidence, policy, now));
  if (question === undefined) return { outcome: 'deny', reasons: DENY_REASONS };
  const reasons = DENY_REASONS.filter(
    (reason) => readable(() => PROOFS[reason](question)) !== true,
  );
  const grant = readable(() => grantOf(question));
  return reasons.length === 0 && grant !== undefined ? grant : denialOf(reasons, question);
}

/** The value, or undefined when reading it threw. */
function readable<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Undefined where there is nobody to name: then no list of reasons, not even an empty one, opens. */
function grantOf({ evidence, policy, best, threshold, modelId }: Question): Grant | undefined {
  const identityId = best?.identity.identityId;
  if (
    best === undefined ||
    typeof identityId !== 'string' ||
    identityId.length === 0 ||
    threshold.outcome !== 'known' ||
    evidence.track === undefined ||
    modelId === undefined
  ) {
    return undefined;
  }
  const { liveness } = policy.rules;
  return {
    outcome: 'grant',
    identityId,
    similarity: best.similarity,
    threshold: threshold.threshold,
    modelId,
    capturedAtMs: evidence.track.newestAtMs,
    ...(liveness.kind === 'waived' ? { livenessWaiver: liveness.because } : {}),
  };
}

function denialOf(reasons: readonly DenyReason[], question: Question): AccessDecision {
  const { best, threshold, modelId } = question;
  const nearest = best?.similarity;
  return {
    outcome: 'deny',
    reasons: isNonEmpty(reasons) ? reasons : DENY_REASONS,
    ...(nearest !== undefined && Number.isFinite(nearest) ? { similarity: nearest } : {}),
    ...(threshold.outcome === 'known' ? { threshold: threshold.threshold } : {}),
    ...(modelId === undefined ? {} : { modelId }),
  };
}

const isNonEmpty = (
  reasons: readonly DenyReason[],
): reasons is readonly [DenyReason, ...DenyReason[]] => reasons.length > 0;
