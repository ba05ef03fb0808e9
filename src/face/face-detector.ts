import type { Face } from '../domain/face.ts';
import type { ModelSession } from '../inference/session.ts';
import type { SimilarityTransform } from '../numeric/similarity-transform.ts';
import { ANCHOR_COUNT, blazeFaceAnchors } from './anchors.ts';
import { BOX_VALUES, decodeDetections } from './decode-detections.ts';
import { mergeDetections } from './merge-detections.ts';

export interface DetectorLimits {
  /** Least confidence of a face, in (0, 1). */
  readonly threshold: number;
  /** Intersection over union from which two candidates are one face, in (0, 1). */
  readonly overlap: number;
}

export const DETECTOR_LIMITS: DetectorLimits = { threshold: 0.5, overlap: 0.3 };

/** BlazeFace: finds the faces in a letterboxed frame. */
export class FaceDetector {
  readonly #session: ModelSession;
  readonly #limits: DetectorLimits;
  readonly #inputSidePx: number;
  readonly #anchors = blazeFaceAnchors();

  constructor(session: ModelSession, inputSidePx: number, limits: DetectorLimits) {
    this.#session = session;
    this.#inputSidePx = inputSidePx;
    this.#limits = limits;
  }

  /**
   * Reads the frame that the letterbox has written into the session's input.
   * @param toFrame  maps the input to the frame
   * @returns one entry per face, the most confident first
   * @throws PORTICO_MODEL_RUN
   */
  async detect(toFrame: SimilarityTransform): Promise<Face[]> {
    await this.#session.run();
    const candidates = decodeDetections(
      {
        logits: this.#session.output('scores', ANCHOR_COUNT),
        boxes: this.#session.output('boxes', ANCHOR_COUNT * BOX_VALUES),
        anchors: this.#anchors,
        inputSidePx: this.#inputSidePx,
      },
      toFrame,
      this.#limits.threshold,
    );
    return mergeDetections(candidates, this.#limits.overlap);
  }
}
