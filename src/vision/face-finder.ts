import type { Face } from '../domain/face.ts';
import { DETECTOR_LIMITS, type FaceDetector } from '../face/face-detector.ts';
import { mergeDetections } from '../face/merge-detections.ts';
import { searchTiles } from '../face/search-tiles.ts';
import { Letterbox } from '../frame/letterbox.ts';
import { type RgbImage, sampleImage, type TensorImage } from '../numeric/sample-image.ts';
import type { StageStopwatch } from './stage-stopwatch.ts';

/** A face that fills the picture is found when the picture is given a margin. */
const FILL_WITH_MARGIN = 0.5;

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

  /**
   * Looks again where `find` sees nobody: with a margin, in which a face that fills the picture is
   * found, then tile by tile for faces that are too small in the whole. For photographs: a frame
   * without a face costs some eight times as much.
   */
  async search(picture: RgbImage, stopwatch: StageStopwatch): Promise<Face[]> {
    const whole = await this.find(picture, stopwatch);
    if (whole.length > 0) return whole;
    const withMargin = await this.find(picture, stopwatch, FILL_WITH_MARGIN);
    return withMargin.length > 0 ? withMargin : this.#findInTiles(picture, stopwatch);
  }

  async #findInTiles(picture: RgbImage, stopwatch: StageStopwatch): Promise<Face[]> {
    // The tiles overwrite the margins that a kept letterbox takes for black.
    this.#letterbox = undefined;
    const faces: Face[] = [];
    for (const toFrame of searchTiles(picture, this.#input.widthPx)) {
      await stopwatch.time('letterbox', () => sampleImage(picture, toFrame, this.#input));
      faces.push(...(await stopwatch.time('detect', () => this.#detector.detect(toFrame))));
    }
    return mergeDetections(faces, DETECTOR_LIMITS.overlap);
  }

  #letterboxFor(picture: RgbImage, fill: number): Letterbox {
    const kept = this.#letterbox;
    if (kept?.fits(picture, fill) === true) return kept;
    const made = new Letterbox(picture, this.#input, fill);
    this.#letterbox = made;
    return made;
  }
}
