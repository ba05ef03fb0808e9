import type { FiveLandmarks } from '../domain/face.ts';
import type { Embedding } from '../domain/probe.ts';
import type { ModelSession } from '../inference/session.ts';
import { flipHorizontally } from '../numeric/flip-image.ts';
import { l2NormalizeInPlace } from '../numeric/linear-algebra.ts';
import { type RgbImage, sampleImage, type TensorImage } from '../numeric/sample-image.ts';
import { fitSimilarity, invertTransform } from '../numeric/similarity-transform.ts';

export interface EncoderParts {
  readonly session: ModelSession;
  /** The picture inside the session's input. */
  readonly image: TensorImage;
  /** Where the five landmarks belong in the model's input. */
  readonly template: FiveLandmarks;
  /** Adds the embedding of the mirrored face: twice the time, a little steadier. */
  readonly averagesFlip: boolean;
}

/** Aligns a face to what its model was trained on, and turns it into a unit vector. */
export class FaceEncoder {
  readonly modelId: string;
  readonly #parts: EncoderParts;

  constructor(parts: EncoderParts) {
    this.modelId = parts.session.modelId;
    this.#parts = parts;
  }

  /**
   * Writes the face into the model's input, which `encode` then reads: moved, turned and scaled so
   * that its landmarks come nearest to the template in the least-squares sense.
   */
  align(frame: RgbImage, landmarks: FiveLandmarks): void {
    // Fitted towards the template, so that the error is weighed in the model's pixels.
    const toInput = fitSimilarity(landmarks, this.#parts.template);
    sampleImage(frame, invertTransform(toInput), this.#parts.image);
  }

  /**
   * @returns unit vector, owned by the caller
   * @throws PORTICO_MODEL_RUN, PORTICO_NUMERIC_SHAPE when the model gives no direction
   */
  async encode(): Promise<Embedding> {
    const embedding = await this.#run();
    if (!this.#parts.averagesFlip) return embedding;
    flipHorizontally(this.#parts.image);
    const mirrored = await this.#run();
    for (const [index, value] of mirrored.entries()) {
      embedding[index] = (embedding[index] ?? Number.NaN) + value;
    }
    return l2NormalizeInPlace(embedding);
  }

  async #run(): Promise<Embedding> {
    await this.#parts.session.run();
    return l2NormalizeInPlace(Float32Array.from(this.#parts.session.output()));
  }
}
