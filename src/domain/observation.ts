import type { Box, FiveLandmarks, HeadPose } from './face.ts';
import type { LivenessAssessment } from './liveness.ts';
import type { Probe } from './probe.ts';
import type { QualityAssessment } from './quality.ts';
import type { MonotonicMs } from './units.ts';

/** Stages of the vision worker that are timed. `total` is from taking the frame to the observation. */
export const VISION_STAGES = [
  'letterbox',
  'detect',
  'mesh',
  'quality',
  'align',
  'liveness',
  'embed',
  'total',
] as const;
export type VisionStage = (typeof VISION_STAGES)[number];
/** Milliseconds per stage; a stage that did not run is absent. `models` sums the bare session runs. */
export type StageTimings = Readonly<Partial<Record<VisionStage | 'models', number>>>;

/** The one face the gate attends to. */
export interface SubjectObservation {
  /** Same number as long as it is the same face seen without a gap; evidence never crosses it. */
  readonly trackId: number;
  readonly box: Box;
  readonly landmarks: FiveLandmarks;
  readonly pose: HeadPose;
  readonly confidence: number;
  readonly quality: QualityAssessment;
  readonly liveness: LivenessAssessment;
  /** One per encoder in use; empty when the quality gate refused the frame. */
  readonly probes: readonly Probe[];
}

/** All that the vision worker says about one frame. */
export interface Observation {
  readonly sequence: number;
  readonly capturedAtMs: MonotonicMs;
  /** Faces found in the zone, the subject included. */
  readonly faceCount: number;
  /** Another face nearly as large as the subject's stands in the zone. */
  readonly hasRival: boolean;
  readonly subject: SubjectObservation | undefined;
  readonly timings: StageTimings;
}
