import type { Observation, SubjectObservation } from '../../src/domain/observation.ts';
import type { Probe } from '../../src/domain/probe.ts';
import { monotonicMs } from '../../src/domain/units.ts';
import { ACCEPTABLE, MODEL_ID } from './decision-builders.ts';

const POINT = { xPx: 100, yPx: 100 };

/** A unit vector of two dimensions at this angle. */
export const atAngle = (degrees: number): Float32Array =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));

export const aProbe = (embedding: Float32Array, modelId = MODEL_ID): Probe => ({
  modelId,
  embedding,
  capturedAtMs: monotonicMs(0),
});

export const aSubject = (changes: Partial<SubjectObservation> = {}): SubjectObservation => ({
  trackId: 7,
  box: { xPx: 50, yPx: 50, widthPx: 100, heightPx: 120 },
  landmarks: [POINT, POINT, POINT, POINT, POINT],
  pose: { yawDeg: 0, pitchDeg: 0, rollDeg: 0 },
  confidence: 0.9,
  quality: ACCEPTABLE,
  liveness: { outcome: 'bona-fide', logLikelihoodRatio: 4 },
  probes: [aProbe(atAngle(0))],
  ...changes,
});

/** A frame of one face at this time. */
export const aFrameOf = (
  atMs: number,
  subject: SubjectObservation | undefined,
  changes: Partial<Observation> = {},
): Observation => ({
  sequence: 1,
  capturedAtMs: monotonicMs(atMs),
  faceCount: subject === undefined ? 0 : 1,
  hasRival: false,
  subject,
  timings: {},
  ...changes,
});
