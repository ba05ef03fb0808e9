import {
  approachScene,
  DEFAULT_APPROACH,
  DEMO_FACES,
  type DemoPerson,
  emptyScene,
} from '../../device/camera/scene-scripts.ts';
import type { FrameSize } from '../../src/domain/frame.ts';
import { demoPhoto } from '../helpers/prepared-vision.ts';
import type { ReplayedScene } from './replay-camera.ts';

const { walkMs, stayMs } = DEFAULT_APPROACH;
const VISIT_MS = 2 * walkMs + stayMs;
/** Most of a door's day nobody is there. */
const EMPTY = { script: emptyScene, lengthMs: 2_000, times: 12 };

/** The resident comes and goes, then a stranger, with an empty entrance before each. */
export async function replayedScenes(size: FrameSize): Promise<readonly ReplayedScene[]> {
  const visit = async (person: DemoPerson): Promise<ReplayedScene> => {
    const face = DEMO_FACES[person];
    const actor = { ...(await demoPhoto(face.picture)), face };
    return { script: approachScene(actor, size), lengthMs: VISIT_MS, times: 1 };
  };
  return [EMPTY, await visit('resident'), EMPTY, await visit('stranger')];
}
