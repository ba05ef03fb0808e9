import type { Box, FaceMesh, FiveLandmarks, HeadPose } from '../domain/face.ts';
import type { Embedding } from '../domain/probe.ts';
import type { QualityAssessment } from '../domain/quality.ts';
import type { FaceEncoder } from '../embedding/face-encoder.ts';
import { ALIGNED_SIDE_PX, alignedToFrame, interEyeDistance } from '../face/align.ts';
import { headPose } from '../face/head-pose.ts';
import { meshBounds } from '../face/mesh-crop.ts';
import { fiveLandmarks } from '../face/mesh-landmarks.ts';
import { assessQuality } from '../face/quality-gate.ts';
import type { QualityLimits } from '../face/quality-limits.ts';
import { type GreyImage, sampleLuminance } from '../numeric/luminance.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import type { StageStopwatch } from './stage-stopwatch.ts';

/** What the mesh tells of one face, before it is encoded. */
export interface FaceReading {
  readonly box: Box;
  readonly landmarks: FiveLandmarks;
  readonly pose: HeadPose;
  readonly quality: QualityAssessment;
}

export interface NamedEmbedding {
  readonly modelId: string;
  readonly embedding: Embedding;
}

/** From a mesh to quality and embeddings: the half of the pipeline that frames and photos share. */
export class FaceReader {
  readonly #encoders: readonly FaceEncoder[];
  readonly #limits: QualityLimits;
  readonly #aligned: GreyImage = {
    data: new Float32Array(ALIGNED_SIDE_PX * ALIGNED_SIDE_PX),
    widthPx: ALIGNED_SIDE_PX,
    heightPx: ALIGNED_SIDE_PX,
  };

  constructor(encoders: readonly FaceEncoder[], limits: QualityLimits) {
    this.#encoders = encoders;
    this.#limits = limits;
  }

  read(frame: RgbImage, mesh: FaceMesh): FaceReading {
    const landmarks = fiveLandmarks(mesh);
    const pose = headPose(mesh);
    const box = meshBounds(mesh);
    sampleLuminance(frame, alignedToFrame(landmarks), this.#aligned);
    const interEyePx = interEyeDistance(landmarks);
    const quality = assessQuality(
      { frame, box, mesh, pose, interEyePx, aligned: this.#aligned },
      this.#limits,
    );
    return { box, landmarks, pose, quality };
  }

  /** One embedding per encoder. */
  async encode(
    frame: RgbImage,
    reading: FaceReading,
    stopwatch: StageStopwatch,
  ): Promise<readonly NamedEmbedding[]> {
    const embeddings: NamedEmbedding[] = [];
    for (const encoder of this.#encoders) {
      await stopwatch.time('align', () => encoder.align(frame, reading.landmarks));
      const embedding = await stopwatch.time('embed', () => encoder.encode());
      embeddings.push({ modelId: encoder.modelId, embedding });
    }
    return embeddings;
  }
}
