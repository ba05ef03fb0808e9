import type { Box, FaceMesh, FiveLandmarks, HeadPose } from '../domain/face.ts';
import type { Embedding } from '../domain/probe.ts';
import type { QualityAssessment } from '../domain/quality.ts';
import type { FaceEncoder } from '../embedding/face-encoder.ts';
import { ALIGNED_SIDE_PX, alignedToFrame, interEyeDistance } from '../face/align.ts';
import { headPose } from '../face/head-pose.ts';
import { meshBounds } from '../face/mesh-crop.ts';
import { fiveLandmarks } from '../face/mesh-landmarks.ts';
import { assessQuality } from '../face/quality-gate.ts';
import { fuseVectors } from '../numeric/fuse-vectors.ts';
import { type GreyImage, sampleLuminance } from '../numeric/luminance.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import { FrameBudget } from './frame-budget.ts';
import type { StageStopwatch } from './stage-stopwatch.ts';
import type { FusionOptions, VisionOptions } from './vision-options.ts';

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
  readonly #options: Pick<VisionOptions, 'quality' | 'fusion'>;
  readonly #budget: FrameBudget | undefined;
  /** Whether all encoders ran in the last frame. */
  #isWhole = false;
  readonly #aligned: GreyImage = {
    data: new Float32Array(ALIGNED_SIDE_PX * ALIGNED_SIDE_PX),
    widthPx: ALIGNED_SIDE_PX,
    heightPx: ALIGNED_SIDE_PX,
  };

  constructor(
    encoders: readonly FaceEncoder[],
    options: Pick<VisionOptions, 'quality' | 'fusion'>,
  ) {
    this.#encoders = encoders;
    this.#options = options;
    const budgetMs = options.fusion?.budgetMs;
    this.#budget = budgetMs === undefined ? undefined : new FrameBudget(budgetMs);
  }

  read(frame: RgbImage, mesh: FaceMesh): FaceReading {
    const landmarks = fiveLandmarks(mesh);
    const pose = headPose(mesh);
    const box = meshBounds(mesh);
    sampleLuminance(frame, alignedToFrame(landmarks), this.#aligned);
    const interEyePx = interEyeDistance(landmarks);
    const quality = assessQuality(
      { frame, box, mesh, pose, interEyePx, aligned: this.#aligned },
      this.#options.quality,
    );
    return { box, landmarks, pose, quality };
  }

  /**
   * One embedding per encoder, and behind them the fused one where there is a fusion. Where that has a
   * time budget and the last frames leave no room in it, the first encoder's alone.
   */
  async encode(
    frame: RgbImage,
    reading: FaceReading,
    stopwatch: StageStopwatch,
  ): Promise<readonly NamedEmbedding[]> {
    const { fusion } = this.#options;
    const [first, ...others] = this.#encoders;
    this.#isWhole = false;
    if (first === undefined) return [];
    const embeddings = [await embed(first, frame, reading, stopwatch)];
    if (this.#budget?.fits() === false) return embeddings;
    for (const encoder of others) embeddings.push(await embed(encoder, frame, reading, stopwatch));
    this.#isWhole = true;
    return fusion === undefined ? embeddings : [...embeddings, fuse(embeddings, fusion)];
  }

  /** How long a frame took whose face was encoded: the next ones fuse if there is time for it. */
  noteFrame(totalMs: number): void {
    this.#budget?.note({ totalMs, isWhole: this.#isWhole });
  }
}

async function embed(
  encoder: FaceEncoder,
  frame: RgbImage,
  { landmarks }: FaceReading,
  stopwatch: StageStopwatch,
): Promise<NamedEmbedding> {
  await stopwatch.time('align', () => encoder.align(frame, landmarks));
  const embedding = await stopwatch.time('embed', () => encoder.encode());
  return { modelId: encoder.modelId, embedding };
}

const fuse = (
  embeddings: readonly NamedEmbedding[],
  { modelId, weights }: FusionOptions,
): NamedEmbedding => ({
  modelId,
  embedding: fuseVectors(
    embeddings.map(({ embedding }) => embedding),
    weights,
  ),
});
