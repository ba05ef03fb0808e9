import { ModelError } from '../domain/errors.ts';
import type { Box, Face, FaceMesh } from '../domain/face.ts';
import { boxArea } from '../face/box-geometry.ts';
import { meshCropOfFace } from '../face/mesh-crop.ts';
import type { PassiveScores } from '../liveness/liveness-sample.ts';
import type { PassiveNets } from '../liveness/passive-nets.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import { FaceFinder } from './face-finder.ts';
import { StageStopwatch } from './stage-stopwatch.ts';
import type { VisionOptions } from './vision-options.ts';
import { closeVisionStages, openVisionStages, type VisionStages } from './vision-stages.ts';

/** What the liveness stage would be told of one frame. */
export interface LivenessReading {
  readonly box: Box;
  readonly confidence: number;
  readonly mesh: FaceMesh;
  readonly passive: PassiveScores;
}

/** Reads recorded frames one by one as the liveness stage needs them, for evaluation. */
export class ClipAnalyser {
  readonly #stages: VisionStages;
  readonly #passive: PassiveNets;
  readonly #finder: FaceFinder;

  private constructor(stages: VisionStages, passive: PassiveNets) {
    this.#stages = stages;
    this.#passive = passive;
    this.#finder = new FaceFinder(stages.detector, stages.detectorImage);
  }

  /** @throws PORTICO_MODEL_MANIFEST when the options leave liveness out; what `openVisionStages` throws */
  static async open(options: VisionOptions): Promise<ClipAnalyser> {
    const stages = await openVisionStages(options);
    if (stages.passive !== undefined) return new ClipAnalyser(stages, stages.passive);
    await closeVisionStages(stages);
    throw new ModelError('PORTICO_MODEL_MANIFEST', {
      message: 'the passive networks are not among the models',
      remedy: 'Evaluate liveness with a policy that requires it.',
    });
  }

  /** The largest face of a frame. @returns nothing where no face is found */
  async analyse(frame: RgbImage): Promise<LivenessReading | undefined> {
    const faces = await this.#finder.find(frame, new StageStopwatch(() => 0));
    const [face] = faces.toSorted(
      (left: Face, right: Face) => boxArea(right.box) - boxArea(left.box),
    );
    if (face === undefined) return undefined;
    const { mesher } = this.#stages;
    const mesh = await mesher.mesh(frame, meshCropOfFace(face, mesher.sidePx));
    const { box, confidence } = face;
    return { box, confidence, mesh, passive: await this.#passive.score(frame, box) };
  }

  close(): Promise<void> {
    return closeVisionStages(this.#stages);
  }
}
