import { assertNever } from '../domain/assert-never.ts';
import type { FrameSize } from '../domain/frame.ts';
import { blankCanvas } from '../numeric/paint-triangles.ts';
import { type RandomSource, seededRandom } from '../numeric/random.ts';
import { eyeHoles } from './eye-holes.ts';
import { drawHandMotion, type HandMotion } from './hand-motion.ts';
import type { HeadActing } from './head-acting.ts';
import { type HeldPicture, HeldPictureScene } from './held-picture-scene.ts';
import { type Bend, FLAT, HeldSheet, type SheetPose } from './held-sheet.ts';
import { LivingScene } from './living-scene.ts';
import { DISPLAY, renderColours } from './picture-colours.ts';
import { makePlate, type Plate, type Portrait } from './portrait.ts';
import { Room } from './room.ts';
import type { Scene } from './scene.ts';
import { shineAsScreen } from './screen-light.ts';
import { Sensor } from './sensor.ts';
import { drawScreenOptics, phoneFormat, printFormat, tabletFormat } from './sheet-formats.ts';
import { litPartOf, type SheetFormat, type ShownPicture, showOnSheet } from './shown-picture.ts';
import type { Pinhole } from './space.ts';
import type { Species } from './species.ts';
import { drawBetween } from './wander.ts';

/** Distance of the eyes over the frame's height. */
const INTER_EYE = { low: 0.14, high: 0.18 } as const;
/** Focal length over the frame's width: a view of about 56 degrees. */
const FOCAL = 0.94;
/** A picture that is pushed before a face takes so long. */
const SLIDE_S = 0.6;

interface SceneOptions {
  readonly portrait: Portrait;
  readonly attacker?: Portrait;
  readonly species: Species;
  readonly size: FrameSize;
  readonly durationMs: number;
  /** Of a living person; pictures do not act. */
  readonly acting?: HeadActing | undefined;
}

interface Stage {
  readonly size: FrameSize;
  readonly camera: Pinhole;
  readonly durationS: number;
  readonly random: RandomSource;
  readonly plate: Plate;
  /** Who holds the picture. */
  readonly attackerPlate: Plate;
}

/** Sets up what a clip of a species shows; all that is drawn by chance is drawn here. */
export function makeScene(options: SceneOptions, random: RandomSource): Scene {
  const { portrait, attacker, size, durationMs } = options;
  const interEyePx = size.heightPx * drawBetween(random, INTER_EYE.low, INTER_EYE.high);
  const plate = makePlate(portrait, size, interEyePx);
  const stage: Stage = {
    size,
    camera: {
      centreX: size.widthPx / 2,
      centreY: size.heightPx / 2,
      focalPx: FOCAL * size.widthPx,
    },
    durationS: durationMs / 1_000,
    random,
    plate,
    attackerPlate: attacker === undefined ? plate : makePlate(attacker, size, interEyePx),
  };
  return sceneOf(options.species, stage, options.acting);
}

function sceneOf(species: Species, stage: Stage, acting: HeadActing | undefined): Scene {
  const { plate, size, random } = stage;
  switch (species) {
    case 'bona-fide':
      return new LivingScene(plate, { ...stage, acting }, random);
    case 'print':
      return printScene(stage, FLAT);
    case 'bent-print':
      return printScene(stage, drawBend(random, size));
    case 'cut-eyes-print':
      return cutEyesScene(stage);
    case 'phone-photo':
      return screenScene(stage, phoneFormat(size), () => plate);
    case 'tablet-photo':
      return screenScene(stage, tabletFormat(size), () => plate);
    case 'screen-photo-print':
      return screenPhotoScene(stage);
    case 'tablet-replay':
      return screenScene(stage, tabletFormat(size), replayOf(stage));
    case 'slid-in-print':
      return slidInScene(stage);
    default:
      return assertNever(species);
  }
}

function printScene(stage: Stage, bend: Bend): Scene {
  const format = printFormat(stage.size);
  const picture = showOnSheet(stage.plate, format);
  return new HeldPictureScene({
    ...heldInRoom(stage, format),
    sheet: new HeldSheet(stage.camera, bend),
    shown: () => picture,
  });
}

/** A print before the face of whoever holds it, whose own eyes blink through the holes. */
function cutEyesScene(stage: Stage): Scene {
  const picture = showOnSheet(stage.plate, printFormat(stage.size));
  const person = new LivingScene(stage.attackerPlate, stage, stage.random);
  return new HeldPictureScene({
    camera: stage.camera,
    sheet: new HeldSheet(stage.camera, drawBend(stage.random, stage.size)),
    shown: () => picture,
    hand: drawHandMotion(stage.random, stage.size.heightPx / 2),
    behind: (canvas, seconds, pose) => {
      person.paintAt(canvas, seconds, pose);
      return undefined;
    },
    holes: eyeHoles(picture),
  });
}

function screenScene(
  stage: Stage,
  format: SheetFormat,
  source: (seconds: number, frameIndex: number) => ShownPicture,
): Scene {
  return new HeldPictureScene({
    ...heldInRoom(stage, format),
    sheet: new HeldSheet(stage.camera),
    shown: (seconds, frameIndex) => showOnSheet(source(seconds, frameIndex), format),
    light: { optics: drawScreenOptics(stage.random, format), lit: litPartOf(format) },
  });
}

/** The person as another camera recorded them alive. */
function replayOf(stage: Stage): (seconds: number, frameIndex: number) => ShownPicture {
  const { size, random } = stage;
  const scene = new LivingScene(stage.plate, stage, random);
  const sensor = new Sensor(random, Math.floor(random() * 0x7fffffff));
  const canvas = blankCanvas(size.widthPx, size.heightPx);
  const rgb = new Uint8Array(canvas.data.length);
  return (seconds, frameIndex) => {
    const mesh = scene.paint(canvas, seconds);
    sensor.expose(canvas, rgb, frameIndex, seconds);
    return { image: { rgb, ...size }, mesh };
  };
}

/** The print of a photograph that somebody took of a screen: its moiré does not move any more. */
function screenPhotoScene(stage: Stage): Scene {
  const { size, camera, plate, random } = stage;
  const canvas = blankCanvas(size.widthPx, size.heightPx);
  canvas.data.set(renderColours(plate.image, DISPLAY).rgb);
  const pose = drawHandMotion(random, size.heightPx / 2)(0);
  const optics = drawScreenOptics(random, { ...tabletFormat(size), ...size });
  const lit = { left: 0, top: 0, right: 1, bottom: 1 };
  shineAsScreen(canvas, camera, { ...size, pose }, { optics, lit }, 0);
  const rgb = Uint8Array.from(canvas.data, (value) => Math.max(0, Math.min(255, value)));
  return printScene({ ...stage, plate: { ...plate, image: { rgb, ...size } } }, FLAT);
}

function slidInScene(stage: Stage): Scene {
  const { random, size, durationS } = stage;
  const format = printFormat(size);
  const picture = showOnSheet(stage.plate, format);
  const person = new LivingScene(stage.attackerPlate, stage, random);
  const hold = drawHandMotion(random, size.heightPx / 2);
  const startS = durationS * drawBetween(random, 0.3, 0.45);
  const side = random() < 0.5 ? -1 : 1;
  const hand: HandMotion = (seconds) => {
    const share = Math.max(0, Math.min(1, (seconds - startS) / SLIDE_S));
    const away = 1 - share * share * (3 - 2 * share);
    const pose = hold(seconds);
    return { ...pose, x: pose.x + side * away * size.widthPx };
  };
  return new HeldPictureScene({
    camera: stage.camera,
    sheet: new HeldSheet(stage.camera),
    shown: () => picture,
    hand,
    behind: (canvas, seconds) => person.paint(canvas, seconds),
  });
}

/** The hand, and an empty room behind. */
function heldInRoom(
  { camera, size, random, attackerPlate }: Stage,
  format: SheetFormat,
): Pick<HeldPicture, 'camera' | 'hand' | 'behind'> {
  const room = new Room(attackerPlate, size, seededRandom(Math.floor(random() * 0x7fffffff)));
  return {
    camera,
    hand: drawHandMotion(random, format.widthPx),
    behind: (canvas, _seconds, _pose: SheetPose) => {
      room.paint(canvas, { x: 0, y: 0 });
      return undefined;
    },
  };
}

function drawBend(random: RandomSource, { heightPx }: FrameSize): Bend {
  const amount = (): number => heightPx * drawBetween(random, 0.06, 0.16);
  return {
    across: amount() * (random() < 0.7 ? 1 : -1),
    along: 0.1 * amount(),
    twist: 0.3 * amount(),
  };
}
