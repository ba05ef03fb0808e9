import {
  approachScene,
  DEFAULT_APPROACH,
  DEMO_FACES,
  type DemoPerson,
  drawFrames,
  emptyScene,
  type SceneActor,
  SceneCamera,
  systemClock,
} from '../../device/index.ts';
import type { DemoStage } from '../cli/composition.ts';
import type { Config } from '../config/schema.ts';
import { ModelError } from '../domain/errors.ts';
import { decodePhoto } from '../frame/decode-photo.ts';
import type { Catalogue } from '../inference/catalogue.ts';
import { seededRandom } from '../numeric/random.ts';
import type { RgbImage } from '../numeric/sample-image.ts';

const PICTURES_ID = 'demo-photos';
const NOISE_SEED = 1;
/** What is cut out around the enrolled face, in face heights to each side: nobody else is in it. */
const PORTRAIT_REACH = 1.1;
/** After the visitor has gone the gate needs a moment to close the visit. */
const AFTERGLOW_MS = 1_500;

/** The scripted entrance: people cut out of the demonstration's photographs before a plain wall. */
export async function openDemoStage(config: Config, catalogue: Catalogue): Promise<DemoStage> {
  const actor = (person: DemoPerson): Promise<SceneActor> => actorOf(catalogue, person);
  const size = { widthPx: config.camera.widthPx, heightPx: config.camera.heightPx };
  const camera = new SceneCamera({
    size,
    framesPerSecond: config.camera.framesPerSecond,
    clock: systemClock,
    random: seededRandom(NOISE_SEED),
  });
  const scripts = {
    empty: emptyScene,
    resident: approachScene(await actor('resident'), size),
    stranger: approachScene(await actor('stranger'), size),
  };
  const { walkMs, stayMs } = DEFAULT_APPROACH;
  return {
    camera,
    play: (scene) => camera.play(scripts[scene]),
    sceneMs: 2 * walkMs + stayMs + AFTERGLOW_MS,
    drawAtDoor: (count) =>
      drawFrames(scripts.resident, {
        size,
        random: seededRandom(NOISE_SEED),
        fromMs: walkMs,
        everyMs: stayMs / count,
        count,
      }),
    enrolmentPhoto: await demoPortrait(catalogue, 'enrolled'),
  };
}

/** One of the demonstration's people, alone. @throws PORTICO_MODEL_MISSING */
export async function demoPortrait(catalogue: Catalogue, person: DemoPerson): Promise<RgbImage> {
  return portraitOf(await actorOf(catalogue, person));
}

async function actorOf(catalogue: Catalogue, person: DemoPerson): Promise<SceneActor> {
  const face = DEMO_FACES[person];
  const file = catalogue.pictures(PICTURES_ID).find(({ name }) => name === face.picture);
  if (file === undefined) throw pictureMissing(face.picture);
  return { ...(await decodePhoto(file.path)), face };
}

/** The surroundings of the actor's face as a picture of its own. */
function portraitOf(actor: SceneActor): RgbImage {
  const reach = Math.round(actor.face.heightPx * PORTRAIT_REACH);
  const left = Math.max(0, actor.face.xPx - reach);
  const top = Math.max(0, actor.face.yPx - reach);
  const widthPx = Math.min(actor.widthPx, actor.face.xPx + reach) - left;
  const heightPx = Math.min(actor.heightPx, actor.face.yPx + reach) - top;
  const rgb = new Uint8Array(widthPx * heightPx * 3);
  for (let row = 0; row < heightPx; row += 1) {
    const from = ((top + row) * actor.widthPx + left) * 3;
    rgb.set(actor.rgb.subarray(from, from + widthPx * 3), row * widthPx * 3);
  }
  return { rgb, widthPx, heightPx };
}

function pictureMissing(name: string): ModelError {
  return new ModelError('PORTICO_MODEL_MISSING', {
    message: `the demonstration's picture ${name} is not among the prepared files`,
    remedy: 'Run `portico models prepare demo-photos`.',
  });
}
