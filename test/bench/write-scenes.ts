import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawFrames } from '../../device/camera/draw-frames.ts';
import type { SceneScript } from '../../device/camera/scene-camera.ts';
import {
  approachScene,
  DEFAULT_APPROACH,
  DEMO_FACES,
  type DemoPerson,
  emptyScene,
} from '../../device/camera/scene-scripts.ts';
import type { FrameSize } from '../../src/domain/frame.ts';
import { seededRandom } from '../../src/numeric/random.ts';
import { demoPhoto } from '../helpers/prepared-vision.ts';
import { toYuyv } from './to-yuyv.ts';

export type SceneName = 'empty' | 'resident' | 'stranger';

const SIZE: FrameSize = { widthPx: 640, heightPx: 480 };
const FRAMES = 6;

/** Writes what the machine's camera can show: a file of frames a scene, with a sensor's noise, so that none is frozen. */
export async function writeScenes(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const scripts: Readonly<Record<SceneName, SceneScript>> = {
    empty: emptyScene,
    resident: await standing('resident'),
    stranger: await standing('stranger'),
  };
  const random = seededRandom(3);
  const { walkMs, stayMs } = DEFAULT_APPROACH;
  const stretch = { size: SIZE, random, fromMs: walkMs, everyMs: stayMs / FRAMES, count: FRAMES };
  for (const [name, script] of Object.entries(scripts)) {
    const frames = drawFrames(script, stretch).map((rgb) => toYuyv(rgb, SIZE));
    writeFileSync(join(folder, `${name}.yuyv`), Buffer.concat(frames));
  }
}

async function standing(person: DemoPerson): Promise<SceneScript> {
  const face = DEMO_FACES[person];
  return approachScene({ ...(await demoPhoto(face.picture)), face }, SIZE);
}
