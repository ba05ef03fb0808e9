import type { Face } from '../domain/face.ts';
import type { FaceDetector } from '../face/face-detector.ts';
import { Letterbox } from '../frame/letterbox.ts';
import type { RgbImage, TensorImage } from '../numeric/sample-image.ts';
import type { StageStopwatch } from './stage-stopwatch.ts';

/** Letterbox and detector together; keeps what depends on the picture's size while that stays the same. */
export class FaceFinder {
  readonly #detector: FaceDetector;
  readonly #input: TensorImage;
  #letterbox: Letterbox | undefined;

  /** @param input  the picture inside the detector's input */
  constructor(detector: FaceDetector, input: TensorImage) {
    this.#detector = detector;
    this.#input = input;
  }

  /**
   * @param fill  share of the input's side that the picture takes, in (0, 1]; less than 1 leaves a
   *              margin, in which a face that fills the picture is found
   */
  async find(picture: RgbImage, stopwatch: StageStopwatch, fill = 1): Promise<Face[]> {
    const letterbox = this.#letterboxFor(picture, fill);
    await stopwatch.time('letterbox', () => letterbox.write(picture));
    return stopwatch.time('detect', () => this.#detector.detect(letterbox.toFrame));
  }

  #letterboxFor(picture: RgbImage, fill: number): Letterbox {
    const kept = this.#letterbox;
    if (kept?.fits(picture, fill) === true) return kept;
    const made = new Letterbox(picture, this.#input, fill);
    this.#letterbox = made;
    return made;
  }
}
