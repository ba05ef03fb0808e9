import type { FiveLandmarks } from '../domain/face.ts';
import type { LivenessFusion } from '../domain/liveness-fusion.ts';
import type { DetectorLimits } from '../face/face-detector.ts';
import type { QualityLimits } from '../face/quality-limits.ts';
import type { Zone } from '../face/select-subject.ts';
import type { TrackLimits } from '../face/subject-track.ts';
import type { ImageInput } from '../inference/image-input.ts';
import type { ProviderPolicy } from '../inference/providers.ts';
import type { SessionModel } from '../inference/session.ts';

/** A prepared model that looks at pictures. */
export interface ImageModel {
  readonly session: SessionModel;
  readonly image: ImageInput;
}

export interface EncoderModel extends ImageModel {
  /** Where the five landmarks belong in the model's input. */
  readonly template: FiveLandmarks;
  /** Adds the mirrored face's embedding: twice the time. */
  readonly averagesFlip: boolean;
}

/** How the encoders' embeddings become one more, see `fuseVectors`. */
export interface FusionOptions {
  /** Under which the fused embedding is known. */
  readonly modelId: string;
  /** One per encoder, in their order. */
  readonly weights: readonly number[];
  /** Time of a frame, within which all encoders but the first must fit; absent: they always run. */
  readonly budgetMs?: number;
}

/** What the liveness stage needs; without it no liveness is assessed. */
export interface LivenessModels {
  readonly minifas: ImageModel;
  readonly antispoof: ImageModel;
  readonly fusion: LivenessFusion;
  /** Undecided for so long on one track, only a challenge can decide. */
  readonly challengeAfterMs: number;
}

/** All that the vision pipeline must be told; plain data, so that it reaches the worker as it is. */
export interface VisionOptions {
  /** Package folder of an inference engine built for this board; absent: the bundled one. */
  readonly engineModule?: string;
  readonly providers: ProviderPolicy;
  readonly detector: ImageModel;
  readonly mesh: ImageModel;
  /** At least one; every subject gets a probe of each. */
  readonly encoders: readonly EncoderModel[];
  /** Absent: nothing is fused. */
  readonly fusion?: FusionOptions;
  readonly liveness?: LivenessModels;
  readonly zone: Zone;
  /** Share of the subject's area, in (0, 1], from which another face in the zone is a rival. */
  readonly rivalRatio: number;
  /** The detector looks at every n-th frame of a track, and at every frame without one; >= 1. */
  readonly detectEvery: number;
  readonly detection: DetectorLimits;
  readonly quality: QualityLimits;
  readonly track: TrackLimits;
}
