import type { Box, Face, FaceMesh, FiveLandmarks, HeadPose } from '../domain/face.ts';
import type { QualityAssessment } from '../domain/quality.ts';
import { mainFace } from '../face/select-subject.ts';
import type { RungReport } from '../inference/providers.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import { FaceFinder } from './face-finder.ts';
import { FaceReader, type NamedEmbedding } from './face-reader.ts';
import { meshTwice } from './mesh-of-photo.ts';
import { StageStopwatch } from './stage-stopwatch.ts';
import type { VisionOptions } from './vision-options.ts';
import { closeVisionStages, openVisionStages, type VisionStages } from './vision-stages.ts';

/** What a photograph shows of the person it is of. */
export interface PhotoFace {
  readonly box: Box;
  readonly landmarks: FiveLandmarks;
  readonly pose: HeadPose;
  readonly confidence: number;
  readonly quality: QualityAssessment;
  /** One per encoder, whatever the quality says: the caller decides. */
  readonly embeddings: readonly NamedEmbedding[];
}

export interface PhotoAnalysis {
  readonly faceCount: number;
  /** Absent: no face was found. */
  readonly face: PhotoFace | undefined;
}

/** Reads faces from photographs, for enrolment and evaluation; keeps nothing from one to the next. */
export class PhotoAnalyser {
  readonly #stages: VisionStages;
  readonly #finder: FaceFinder;
  readonly #reader: FaceReader;

  constructor(stages: VisionStages, options: VisionOptions) {
    this.#stages = stages;
    this.#finder = new FaceFinder(stages.detector, stages.detectorImage);
    this.#reader = new FaceReader(stages.encoders, options);
  }

  /** With models of its own. @throws what `ModelSession.open` throws */
  static async open(options: VisionOptions): Promise<PhotoAnalyser> {
    return new PhotoAnalyser(await openVisionStages(options), options);
  }

  /** How each provider fared with each model, for `doctor`. */
  get ladder(): readonly RungReport[] {
    return this.#stages.ladder;
  }

  /** @throws PORTICO_MODEL_RUN */
  async analyse(photo: RgbImage): Promise<PhotoAnalysis> {
    const stopwatch = new StageStopwatch(() => 0);
    const faces = await this.#finder.search(photo, stopwatch);
    const main = mainFace(faces, photo);
    if (main === undefined) return { faceCount: 0, face: undefined };
    const mesh = await this.#mesh(photo, main);
    const reading = this.#reader.read(photo, mesh);
    const embeddings = await this.#reader.encode(photo, reading, stopwatch);
    const { box, landmarks, pose, quality } = reading;
    const { confidence } = main;
    const face = { box, landmarks, pose, confidence, quality, embeddings };
    return { faceCount: faces.length, face };
  }

  /** The faces that the door's detector finds in a frame, without the second look that photographs get. */
  detect(frame: RgbImage): Promise<Face[]> {
    return this.#finder.find(frame, new StageStopwatch(() => 0));
  }

  /** The faces of a photograph, with the second look where the first finds nobody. */
  search(photo: RgbImage): Promise<Face[]> {
    return this.#finder.search(photo, new StageStopwatch(() => 0));
  }

  close(): Promise<void> {
    return closeVisionStages(this.#stages);
  }

  /** Whichever look the mesher trusts more. */
  async #mesh(photo: RgbImage, face: Face): Promise<FaceMesh> {
    const { first, second } = await meshTwice(this.#stages.mesher, photo, face);
    return second.confidence >= first.confidence ? second : first;
  }
}
