/**
 * Every reason to keep the door shut, most severe first. `decide` starts from the whole list and
 * clears what the evidence disproves; the order is the order in which the page and events name them.
 */
export const DENY_REASONS = [
  'locked-down',
  'attack-suspected',
  'stage-fault',
  'stage-timeout',
  'camera-fault',
  'store-fault',
  'clock-untrusted',
  'frame-stale',
  'no-subject',
  'several-subjects',
  'quality-insufficient',
  'challenge-failed',
  'liveness-unproven',
  'evidence-insufficient',
  'gallery-empty',
  'calibration-missing',
  'no-match',
  'ambiguous-match',
  'claim-contradicted',
  'roster-unconfirmed',
  'not-yet-valid',
  'no-longer-valid',
  'outside-hours',
] as const;

export type DenyReason = (typeof DENY_REASONS)[number];

/** For the operator: terminal, events, logs. */
export const DENY_REASON_TEXT: Readonly<Record<DenyReason, string>> = {
  'locked-down': 'the gate is locked down',
  'attack-suspected': 'the presentation looks like a picture or a screen',
  'stage-fault': 'a processing stage failed',
  'stage-timeout': 'a processing stage did not finish in time',
  'camera-fault': 'the camera delivers no usable picture',
  'store-fault': 'the store of people cannot be trusted',
  'clock-untrusted': 'the time of day is not known well enough for schedules',
  'frame-stale': 'the evidence is too old',
  'no-subject': 'nobody is in front of the camera',
  'several-subjects': 'more than one person could be meant',
  'quality-insufficient': 'the picture of the face is not good enough',
  'challenge-failed': 'the person did not do what was asked to show life',
  'liveness-unproven': 'nothing yet shows a living person',
  'evidence-insufficient': 'too few good frames so far',
  'gallery-empty': 'nobody is enrolled for this encoder',
  'calibration-missing': 'the encoder has no calibrated threshold',
  'no-match': 'no enrolled person is similar enough',
  'ambiguous-match': 'two enrolled people are about equally similar',
  'claim-contradicted': 'the face is not that of the claimed person',
  'roster-unconfirmed': "no valid head of the site's roster has vouched for the person",
  'not-yet-valid': "the person's access has not begun",
  'no-longer-valid': "the person's access has ended",
  'outside-hours': "the person's hours do not include this moment",
};
