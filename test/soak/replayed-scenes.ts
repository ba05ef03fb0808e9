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
/** At 15 frames a second somebody who comes, stays and goes again is in about as many frames. */
const VISIT = { lengthMs: 2 * walkMs + stayMs, everyMs: 170, heldFor: 3, times: 1 } as const;
/** Nobody is there in 95 of 100 frames; of a real door's day in more. */
const EMPTY = {
  script: emptyScene,
  lengthMs: 2_000,
  everyMs: 200,
  heldFor: 1,
  times: 285,
} as const;

/** The resident comes and goes, then a stranger, with an empty entrance before each. */
export async function replayedScenes(size: FrameSize): Promise<readonly ReplayedScene[]> {
  const visit = async (person: DemoPerson): Promise<ReplayedScene> => {
    const face = DEMO_FACES[person];
    const actor = { ...(await demoPhoto(face.picture)), face };
    return { ...VISIT, script: approachScene(actor, size) };
  };
  return [EMPTY, await visit('resident'), EMPTY, await visit('stranger')];
}
