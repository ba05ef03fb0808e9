import { MESH_POINTS } from '../domain/face.ts';
import { type Canvas, paintTriangles } from '../numeric/paint-triangles.ts';
import type { RandomSource } from '../numeric/random.ts';
import { drawBlinks, type EyeClosure } from './blink-schedule.ts';
import { expressFace } from './face-expression.ts';
import type { HeadActing } from './head-acting.ts';
import { type HeadShape, headShape } from './head-shape.ts';
import type { Plate } from './portrait.ts';
import { type Pinhole, project, rotate, rotationOf } from './space.ts';
import { drawBetween, drawWander, type Wander } from './wander.ts';

const RADIANS = Math.PI / 180;

interface HeadMotion {
  readonly yaw: Wander;
  readonly pitch: Wander;
  readonly roll: Wander;
  readonly shiftX: Wander;
  readonly shiftY: Wander;
  readonly nearness: Wander;
  readonly mouth: Wander;
  readonly smile: Wander;
  readonly brows: Wander;
}

/** A person who stands before the door: turns the head a little, sways, blinks, and does not keep a straight face. */
export class LivingHead {
  readonly #plate: Plate;
  readonly #shape: HeadShape;
  readonly #camera: Pinhole;
  readonly #motion: HeadMotion;
  readonly #closure: EyeClosure;
  readonly #acting: HeadActing | undefined;
  readonly #face = new Float32Array(3 * MESH_POINTS);
  readonly #positions: Float32Array;
  readonly #textureAt: Float32Array;
  readonly #shade: Float32Array;

  constructor(
    plate: Plate,
    view: {
      readonly camera: Pinhole;
      readonly durationS: number;
      readonly acting?: HeadActing | undefined;
    },
    random: RandomSource,
  ) {
    this.#plate = plate;
    this.#camera = view.camera;
    this.#acting = view.acting;
    this.#shape = headShape(plate);
    this.#motion = drawHeadMotion(random, plate.interEyePx);
    this.#closure = drawBlinks(random, view.durationS);
    const count = this.#shape.follows.length;
    this.#positions = new Float32Array(3 * count);
    this.#textureAt = Float32Array.from({ length: 2 * count }, (_value, index) => {
      return this.#shape.neutral[3 * (index >> 1) + (index & 1)] ?? 0;
    });
    this.#shade = new Float32Array(count).fill(1);
  }

  /**
   * Paints the head as it is at a moment.
   * @param offset  shift of the whole person in pixels, as by a camera that moves
   * @returns (468, 3) where the points of the face are, in pixels of the canvas; overwritten by the next call
   */
  paint(canvas: Canvas, seconds: number, offset: { x: number; y: number }): Float32Array {
    this.#place(seconds, offset);
    paintTriangles(canvas, {
      positions: this.#positions,
      textureAt: this.#textureAt,
      opacity: this.#shape.opacity,
      shade: this.#shade,
      triangles: this.#shape.triangles,
      picture: this.#plate.image,
    });
    return this.#positions.subarray(0, 3 * MESH_POINTS);
  }

  #place(seconds: number, offset: { x: number; y: number }): void {
    const { neutral, follows, pivot } = this.#shape;
    const motion = this.#motion;
    const acting = this.#acting;
    const rotation = rotationOf({
      yaw: motion.yaw(seconds) * (acting?.restlessness(seconds) ?? 1) + (acting?.yaw(seconds) ?? 0),
      pitch: motion.pitch(seconds),
      roll: motion.roll(seconds),
    });
    this.#express(seconds);
    const shiftX = motion.shiftX(seconds) + offset.x;
    const shiftY = motion.shiftY(seconds) + offset.y;
    const { centreX, centreY, focalPx } = this.#camera;
    const nearer = motion.nearness(seconds) + focalPx * (acting?.nearness(seconds) ?? 0);
    const [neckX, neckY] = [pivot.x - centreX, pivot.y - centreY];
    for (let index = 0; index < follows.length; index += 1) {
      const at = 3 * index;
      const points = index < MESH_POINTS ? this.#face : neutral;
      const z = (points[at + 2] ?? 0) - pivot.z;
      // The portrait was itself seen in perspective: undone here, so that at rest it looks as it did.
      const away = (focalPx + z) / focalPx;
      const x = away * ((points[at] ?? 0) - centreX) - neckX;
      const y = away * ((points[at + 1] ?? 0) - centreY) - neckY;
      const turned = rotate(rotation, { x, y, z });
      const share = follows[index] ?? 1;
      const placed = {
        x: x + share * (turned.x - x) + neckX + shiftX,
        y: y + share * (turned.y - y) + neckY + shiftY,
        z: z + share * (turned.z - z) - nearer,
      };
      project(this.#camera, placed, this.#positions, at);
    }
  }

  #express(seconds: number): void {
    const { mouth, smile, brows } = this.#motion;
    const expression = {
      closure: Math.max(this.#closure(seconds), this.#acting?.closure(seconds) ?? 0),
      mouthOpening: Math.max(0, mouth(seconds)),
      smile: smile(seconds),
      browRaise: brows(seconds),
    };
    expressFace(this.#plate.mesh, expression, this.#plate.interEyePx, this.#face);
  }
}

function drawHeadMotion(random: RandomSource, interEyePx: number): HeadMotion {
  const wander = (amount: number, highHz = 0.9): Wander =>
    drawWander(random, { amount, lowHz: 0.15, highHz });
  return {
    yaw: wander(drawBetween(random, 3, 9) * RADIANS),
    pitch: wander(drawBetween(random, 2, 4) * RADIANS),
    roll: wander(drawBetween(random, 1, 3) * RADIANS),
    shiftX: wander(drawBetween(random, 0.04, 0.15) * interEyePx),
    shiftY: wander(drawBetween(random, 0.02, 0.08) * interEyePx),
    nearness: wander(drawBetween(random, 0.05, 0.3) * interEyePx, 0.5),
    mouth: wander(drawBetween(random, 0.01, 0.04), 3),
    smile: wander(drawBetween(random, 0.005, 0.02)),
    brows: wander(drawBetween(random, 0.004, 0.015)),
  };
}
