import { DENY_REASONS, type DenyReason } from '../domain/deny-reasons.ts';

type Reasons = readonly [DenyReason, ...DenyReason[]];

const after = (reason: DenyReason): readonly DenyReason[] =>
  DENY_REASONS.slice(DENY_REASONS.indexOf(reason) + 1);

const OF_THE_PERSON: readonly DenyReason[] = [
  'roster-unconfirmed',
  'not-yet-valid',
  'no-longer-valid',
  'outside-hours',
];
const OF_THE_COMPARISON: readonly DenyReason[] = [
  'gallery-empty',
  'calibration-missing',
  'no-match',
  'ambiguous-match',
  'claim-contradicted',
  ...OF_THE_PERSON,
];

/** What could not be disproved only because of another reason; always a less severe one. */
const FOLLOWS_FROM: Readonly<Partial<Record<DenyReason, readonly DenyReason[]>>> = {
  'attack-suspected': ['liveness-unproven'],
  'challenge-failed': ['liveness-unproven'],
  'stage-fault': after('camera-fault'),
  'stage-timeout': after('camera-fault'),
  'camera-fault': after('clock-untrusted'),
  'store-fault': OF_THE_COMPARISON,
  'frame-stale': after('frame-stale'),
  'no-subject': after('no-subject'),
  'several-subjects': after('several-subjects'),
  'quality-insufficient': ['liveness-unproven', 'evidence-insufficient', ...OF_THE_COMPARISON],
  'evidence-insufficient': OF_THE_COMPARISON,
  'gallery-empty': ['no-match', 'ambiguous-match', 'claim-contradicted', ...OF_THE_PERSON],
  'calibration-missing': ['no-match', 'ambiguous-match', 'claim-contradicted', ...OF_THE_PERSON],
  'no-match': ['ambiguous-match', ...OF_THE_PERSON],
  'ambiguous-match': OF_THE_PERSON,
  'claim-contradicted': OF_THE_PERSON,
};

/**
 * The reasons worth telling: without those that merely follow from another in the list. Nobody
 * before the camera also means no match and no hours; only the first of these says anything. A
 * stranger does not learn the hours of the person he resembles most.
 */
export function tellingReasons(reasons: Reasons): Reasons {
  const implied = new Set(reasons.flatMap((reason) => FOLLOWS_FROM[reason] ?? []));
  const [first, ...rest] = reasons;
  return [first, ...rest.filter((reason) => !implied.has(reason))];
}

const FOR_A_MOMENT: ReadonlySet<DenyReason> = new Set([
  'liveness-unproven',
  'evidence-insufficient',
]);

/** Whether waiting, or a challenge, may still clear all of these. */
export const isForAMoment = (reasons: Reasons): boolean =>
  tellingReasons(reasons).every((reason) => FOR_A_MOMENT.has(reason));

/**
 * How far a decision came before it failed, least first. Whoever turns away at the end of a visit
 * spoils its last frames; the report is to tell of the frame that said most.
 */
const PROGRESS: readonly DenyReason[] = [
  'camera-fault',
  'stage-fault',
  'stage-timeout',
  'frame-stale',
  'no-subject',
  'several-subjects',
  'quality-insufficient',
  'store-fault',
  'evidence-insufficient',
  'liveness-unproven',
  'gallery-empty',
  'calibration-missing',
  'no-match',
  'ambiguous-match',
  'claim-contradicted',
  'roster-unconfirmed',
  'not-yet-valid',
  'no-longer-valid',
  'outside-hours',
  'clock-untrusted',
  'locked-down',
  'challenge-failed',
  'attack-suspected',
];

/** Whether one denial tells at least as much as another; of equals the later one counts. */
export function isMoreTelling(reasons: Reasons, than: Reasons): boolean {
  return progressOf(reasons) >= progressOf(than);
}

const progressOf = (reasons: Reasons): number =>
  Math.max(...tellingReasons(reasons).map((reason) => PROGRESS.indexOf(reason)));
