import { CheckedPolicy } from '../../src/decision/checked-policy.ts';
import type { Evidence, Moment } from '../../src/decision/evidence.ts';
import { defaultPolicy, type Policy } from '../../src/decision/policy.ts';
import type { Calibration, CalibrationPoint } from '../../src/domain/calibration.ts';
import type { Identity } from '../../src/domain/identity.ts';
import type { Candidate } from '../../src/domain/match.ts';
import type { QualityAssessment, QualityMetrics } from '../../src/domain/quality.ts';
import { monotonicMs, similarity, wallMs } from '../../src/domain/units.ts';

export const MODEL_ID = 'face-512';

export const aPoint = (fmr: number, threshold: number, extrapolated = false): CalibrationPoint => ({
  fmr,
  threshold: similarity(threshold),
  fmrInterval: [fmr / 2, Math.min(1, fmr * 2)],
  fnmr: 0.02,
  fnmrInterval: [0.01, 0.03],
  extrapolated,
});

/** A curve of round numbers: 0.2 at 1e-1, 0.1 more for each decade down to 0.4 at 1e-3. */
export const aCalibration = (changes: Partial<Calibration> = {}): Calibration => ({
  schemaVersion: 1,
  modelId: MODEL_ID,
  dimension: 512,
  date: '2026-01-05',
  data: {
    name: 'made up for tests',
    subjects: 100,
    samples: 400,
    matedTrials: 1_000,
    nonMatedTrials: 10_000,
  },
  direction: 'higher-is-more-alike',
  points: [aPoint(1e-1, 0.2), aPoint(1e-2, 0.3), aPoint(1e-3, 0.4)],
  claims: [],
  ...changes,
});

/** Everything the default demands, with a calibrated encoder and office hours to choose. */
export const aPolicy = (changes: Partial<Policy> = {}): Policy => ({
  ...defaultPolicy,
  calibrations: [aCalibration()],
  hours: {
    timeZone: 'UTC',
    schedules: {
      nights: { week: { mon: [{ from: '22:00', to: '06:00' }] }, observesHolidays: true },
    },
    defaultScheduleId: 'always',
    holidays: {},
  },
  ...changes,
});

export function checked(policy: Policy): CheckedPolicy {
  const check = CheckedPolicy.check(policy);
  if (check.outcome === 'refused') throw new Error(check.problems.join('; '));
  return check.policy;
}

/** Monday 5 January 2026, noon UTC. */
export const NOW: Moment = {
  monotonicMs: monotonicMs(100_000),
  wallMs: wallMs(Date.UTC(2026, 0, 5, 12, 0, 0)),
};

export const METRICS: QualityMetrics = {
  sizeRatio: 0.4,
  interEyePx: 90,
  yawDeg: 2,
  pitchDeg: -3,
  rollDeg: 1,
  sharpness: 220,
  brightness: 120,
  contrast: 45,
  meshConfidence: 0.98,
};

export const ACCEPTABLE: QualityAssessment = { outcome: 'acceptable', metrics: METRICS };

export const anIdentity = (changes: Partial<Identity> = {}): Identity => ({
  identityId: 'p-1',
  name: 'Ada',
  ...changes,
});

export const aCandidate = (value: number, changes: Partial<Identity> = {}): Candidate => ({
  identity: anIdentity(changes),
  templateId: 't-1',
  similarity: similarity(value),
});

/** Evidence with which the default policy grants. */
export const perfectEvidence = (changes: Partial<Evidence> = {}): Evidence => ({
  lockDown: 'lifted',
  camera: 'delivering',
  stages: 'completed',
  store: 'trusted',
  clock: 'trusted',
  roster: 'people-known-before',
  frameAtMs: monotonicMs(99_900),
  subject: { kind: 'one', trackId: 7 },
  quality: ACCEPTABLE,
  challenge: 'available',
  liveness: { outcome: 'bona-fide', logLikelihoodRatio: 5 },
  track: {
    trackId: 7,
    modelId: MODEL_ID,
    goodFrames: 4,
    oldestAtMs: monotonicMs(99_500),
    newestAtMs: monotonicMs(99_900),
    weakestPair: similarity(0.8),
  },
  comparison: {
    kind: 'identification',
    search: {
      modelId: MODEL_ID,
      personsSearched: 2,
      templatesCompared: 2,
      candidates: [aCandidate(0.7), aCandidate(0.1, { identityId: 'p-2' })],
    },
  },
  vouchedForId: 'p-1',
  ...changes,
});
