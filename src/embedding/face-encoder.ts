import type { Embedding } from '../domain/probe.ts';
import type { ModelSession } from '../inference/session.ts';
import { flipHorizontally } from '../numeric/flip-image.ts';
import { l2NormalizeInPlace } from '../numeric/linear-algebra.ts';
import { type RgbImage, sampleImage, type TensorImage } from '../numeric/sample-image.ts';
import { composeTransforms, type SimilarityTransform } from '../numeric/similarity-transform.ts';

export interface EncoderParts {
  readonly session: ModelSession;
  /** The picture inside the session's input. */
  readonly image: TensorImage;
  /** Maps coordinates of the model's input to those of the aligned face. */
  readonly toAligned: SimilarityTransform;
  /** Adds the embedding of the mirrored face: twice the time, a little steadier. */
  readonly averagesFlip: boolean;
}

/** Turns an aligned face into a unit vector. */
export class FaceEncoder {
  readonly modelId: string;
  readonly #parts: EncoderParts;

  constructor(parts: EncoderParts) {
    this.modelId = parts.session.modelId;
    this.#parts = parts;
  }

  /** Writes the face into the model's input; `encode` then reads it. */
  align(frame: RgbImage, alignedToFrame: SimilarityTransform): void {
    const toFrame = composeTransforms(this.#parts.toAligned, alignedToFrame);
    sampleImage(frame, toFrame, this.#parts.image);
  }

  /**
   * @returns unit vector, owned by the caller, and the bare time in the engine
   * @throws PORTICO_MODEL_RUN, PORTICO_NUMERIC_SHAPE when the model gives no direction
   */
  async encode(): Promise<{ readonly embedding: Embedding; readonly modelMs: number }> {
    const { session, image, averagesFlip } = this.#parts;
    await session.run();
    let modelMs = session.lastRunMs;
    const embedding = l2NormalizeInPlace(Float32Array.from(session.firstOutput));
    if (averagesFlip) {
      flipHorizontally(image);
      await session.run();
      modelMs += session.lastRunMs;
      const mirrored = l2NormalizeInPlace(Float32Array.from(session.firstOutput));
      mirrored.forEach((value, index) => {
        embedding[index] = (embedding[index] ?? Number.NaN) + value;
      });
      l2NormalizeInPlace(embedding);
    }
    return { embedding, modelMs };
  }
}
