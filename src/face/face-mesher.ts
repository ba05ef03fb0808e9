import { type FaceMesh, MESH_POINTS } from '../domain/face.ts';
import type { ModelSession } from '../inference/session.ts';
import { type RgbImage, sampleImage, type TensorImage } from '../numeric/sample-image.ts';
import { type SimilarityTransform, scaleOf } from '../numeric/similarity-transform.ts';

/** FaceMesh: 468 points in three dimensions from a crop of one face. */
export class FaceMesher {
  readonly #session: ModelSession;
  readonly #image: TensorImage;

  /** @param image  the picture inside the session's input, square */
  constructor(session: ModelSession, image: TensorImage) {
    this.#session = session;
    this.#image = image;
  }

  get sidePx(): number {
    return this.#image.widthPx;
  }

  /**
   * @param toFrame  the crop: maps the model's input to the frame
   * @returns a mesh of its own, not overwritten by the next call
   * @throws PORTICO_MODEL_RUN
   */
  async mesh(frame: RgbImage, toFrame: SimilarityTransform): Promise<FaceMesh> {
    sampleImage(frame, toFrame, this.#image);
    await this.#session.run();
    const raw = this.#session.output('mesh', MESH_POINTS * 3);
    const points = new Float32Array(MESH_POINTS * 3);
    const depthScale = scaleOf(toFrame);
    const { a, b, dx, dy } = toFrame;
    for (let at = 0; at < points.length; at += 3) {
      const x = raw[at] ?? Number.NaN;
      const y = raw[at + 1] ?? Number.NaN;
      points[at] = a * x - b * y + dx;
      points[at + 1] = b * x + a * y + dy;
      points[at + 2] = (raw[at + 2] ?? Number.NaN) * depthScale;
    }
    return { points, confidence: this.#session.output('confidence', 1)[0] ?? 0 };
  }
}
