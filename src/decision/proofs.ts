import type { DenyReason } from '../domain/deny-reasons.ts';
import type { Identity } from '../domain/identity.ts';
import type { MonotonicMs } from '../domain/units.ts';
import type { Question } from './question.ts';
import { ALWAYS } from './schedule.ts';

/** float32 sums of products of unit vectors may exceed 1 by this much; anything above is garbage. */
const COSINE_ROUNDING = 1e-4;

/** True only if the evidence disproves the reason; undefined or malformed values prove nothing. */
export type Proof = (question: Question) => boolean;

/** One proof per reason to deny: to read this table is to read the access policy. */
export const PROOFS: Readonly<Record<DenyReason, Proof>> = {
  'locked-down': ({ evidence }) => evidence.lockDown === 'lifted',

  'attack-suspected': ({ evidence }) => {
    const outcome = evidence.liveness?.outcome;
    return outcome === 'not-assessed' || outcome === 'undecided' || outcome === 'bona-fide';
  },

  'stage-fault': ({ evidence }) => evidence.stages === 'completed' || evidence.stages === 'timeout',
  'stage-timeout': ({ evidence }) => evidence.stages === 'completed' || evidence.stages === 'fault',
  'camera-fault': ({ evidence }) => evidence.camera === 'delivering',
  'store-fault': ({ evidence }) => evidence.store === 'trusted',

  'clock-untrusted': ({ evidence, policy, best }) =>
    evidence.clock === 'trusted' ||
    (evidence.clock === 'untrusted' &&
      policy.rules.untrustedClock === 'admit-always' &&
      best !== undefined &&
      isTimeless(best.identity, policy.rules.hours.defaultScheduleId)),

  'frame-stale': ({ evidence, policy, now }) =>
    isFresh(evidence.frameAtMs, now.monotonicMs, policy.rules.maxFrameAgeMs),

  'no-subject': ({ evidence }) =>
    evidence.subject?.kind === 'one' || evidence.subject?.kind === 'rival',
  'several-subjects': ({ evidence }) =>
    evidence.subject?.kind === 'one' || evidence.subject?.kind === 'none',

  'quality-insufficient': ({ evidence: { quality } }) =>
    quality?.outcome === 'acceptable' && areMeasured(Object.values(quality.metrics)),

  'challenge-failed': ({ evidence }) => evidence.challenge === 'available',
  'liveness-unproven': hasShownLife,

  'evidence-insufficient': hasSufficientEvidence,

  'gallery-empty': ({ evidence }) => {
    const search = evidence.comparison?.search;
    return (
      isWithin(search?.personsSearched, 1, Number.MAX_SAFE_INTEGER) &&
      isWithin(search?.templatesCompared, 1, Number.MAX_SAFE_INTEGER)
    );
  },

  'calibration-missing': ({ threshold }) => threshold.outcome === 'known',
  'no-match': isSimilarEnough,
  'ambiguous-match': isUnambiguous,

  'claim-contradicted': (question) => {
    const { evidence, best } = question;
    if (evidence.comparison?.kind === 'identification') return true;
    return (
      evidence.comparison?.kind === 'verification' &&
      best?.identity.identityId === evidence.comparison.claimedIdentityId &&
      isSimilarEnough(question)
    );
  },

  'roster-unconfirmed': ({ evidence, best }) =>
    evidence.roster === 'everybody' ||
    (evidence.roster === 'people-known-before' &&
      best !== undefined &&
      isName(evidence.vouchedForId) &&
      best.identity.identityId === evidence.vouchedForId),

  'not-yet-valid': ({ best, now }) =>
    best !== undefined &&
    isWithin(now.wallMs, 0, Number.MAX_SAFE_INTEGER) &&
    (best.identity.validFromMs === undefined || isWithin(best.identity.validFromMs, 0, now.wallMs)),
  'no-longer-valid': ({ best, now }) =>
    best !== undefined &&
    isWithin(now.wallMs, 0, Number.MAX_SAFE_INTEGER) &&
    (best.identity.validUntilMs === undefined || now.wallMs < best.identity.validUntilMs),

  'outside-hours': ({ best, policy, now }) =>
    best !== undefined &&
    policy.calendar.answer(
      scheduleOf(best.identity, policy.rules.hours.defaultScheduleId),
      now.wallMs,
    ) === 'inside',
};

/** False for anything that is not a number, NaN included. */
const isWithin = (value: unknown, low: number, high: number): boolean =>
  typeof value === 'number' && value >= low && value <= high;

const areMeasured = (values: readonly unknown[]): boolean =>
  values.length > 0 && values.every(Number.isFinite);

const isName = (value: unknown): boolean => typeof value === 'string' && value.length > 0;

const scheduleOf = (identity: Identity, defaultScheduleId: string): string =>
  identity.scheduleId === undefined ? defaultScheduleId : identity.scheduleId;

/** Nothing about this person's access depends on the time of day or the date. */
const isTimeless = (identity: Identity, defaultScheduleId: string): boolean =>
  scheduleOf(identity, defaultScheduleId) === ALWAYS &&
  identity.validFromMs === undefined &&
  identity.validUntilMs === undefined;

/** Of a moment that has been, at most `maxAgeMs` ago; a capture in the future is a defect. */
const isFresh = (atMs: MonotonicMs | undefined, nowMs: MonotonicMs, maxAgeMs: number): boolean =>
  isWithin(atMs, nowMs - maxAgeMs, nowMs);

/** Life was found; where the policy always asks for a challenge, a passed one is part of it. */
function hasShownLife({ evidence: { liveness }, policy }: Question): boolean {
  const { rules } = policy;
  if (rules.liveness.kind === 'waived') return true;
  const { challenge } = rules.liveness;
  return (
    liveness?.outcome === 'bona-fide' &&
    Number.isFinite(liveness.logLikelihoodRatio) &&
    (challenge === 'when-undecided' ||
      challenge === 'never' ||
      liveness.challenge?.phase === 'passed')
  );
}

/** Enough agreeing frames, over long enough, new enough, of this very track and encoder. */
function hasSufficientEvidence({ evidence, policy, now }: Question): boolean {
  const { track, subject, comparison } = evidence;
  if (track === undefined || subject?.kind !== 'one' || comparison === undefined) return false;
  const { rules } = policy;
  const agreement = policy.agreementOf(track.modelId);
  return (
    isWithin(track.trackId, 0, Number.MAX_SAFE_INTEGER) &&
    track.trackId === subject.trackId &&
    track.modelId === comparison.search.modelId &&
    isWithin(track.goodFrames, rules.minGoodFrames, rules.track.capacity) &&
    isWithin(track.newestAtMs - track.oldestAtMs, rules.minSpanMs, rules.track.windowMs) &&
    isFresh(track.newestAtMs, now.monotonicMs, rules.maxFrameAgeMs) &&
    agreement.outcome === 'known' &&
    isWithin(track.weakestPair, agreement.threshold, 1 + COSINE_ROUNDING)
  );
}

function isSimilarEnough({ best, threshold }: Question): boolean {
  return (
    best !== undefined &&
    threshold.outcome === 'known' &&
    isWithin(best.similarity, threshold.threshold, 1 + COSINE_ROUNDING)
  );
}

/** The second-best person is far enough behind, or the search truly held one person alone. */
function isUnambiguous({ evidence, policy, best }: Question): boolean {
  const search = evidence.comparison?.search;
  if (search === undefined || best === undefined) return false;
  const second = search.candidates[1];
  if (second === undefined) return search.personsSearched === 1;
  return (
    isName(second.identity.identityId) &&
    second.identity.identityId !== best.identity.identityId &&
    isWithin(second.similarity, -1 - COSINE_ROUNDING, best.similarity - policy.rules.minMargin)
  );
}
