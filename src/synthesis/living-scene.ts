import type { FrameSize } from '../domain/frame.ts';
import type { Canvas } from '../numeric/paint-triangles.ts';
import type { RandomSource } from '../numeric/random.ts';
import type { HeadActing } from './head-acting.ts';
import { LivingHead } from './living-head.ts';
import type { Plate } from './portrait.ts';
import { Room } from './room.ts';
import type { Scene } from './scene.ts';
import type { Pinhole } from './space.ts';
import { drawWander, type Wander } from './wander.ts';

/** Sway of a camera that hangs on a wall: all but none. */
const SWAY_PX = 0.15;

/** A living person in a room. */
export class LivingScene implements Scene {
  readonly screen = undefined;
  readonly showsPicture = false;
  readonly #room: Room;
  readonly #head: LivingHead;
  readonly #swayX: Wander;
  readonly #swayY: Wander;

  constructor(
    plate: Plate,
    view: {
      readonly size: FrameSize;
      readonly camera: Pinhole;
      readonly durationS: number;
      readonly acting?: HeadActing | undefined;
    },
    random: RandomSource,
    swayPx = SWAY_PX,
  ) {
    this.#room = new Room(plate, view.size, random);
    this.#head = new LivingHead(plate, view, random);
    const range = { amount: swayPx, lowHz: 0.3, highHz: 3 };
    this.#swayX = drawWander(random, range);
    this.#swayY = drawWander(random, range);
  }

  paint(canvas: Canvas, seconds: number): Float32Array {
    return this.paintAt(canvas, seconds, { x: 0, y: 0 });
  }

  /** @param aside  how far the person stands from where the portrait has them, in pixels */
  paintAt(canvas: Canvas, seconds: number, aside: { x: number; y: number }): Float32Array {
    const [x, y] = [this.#swayX(seconds), this.#swayY(seconds)];
    this.#room.paint(canvas, { x, y });
    return this.#head.paint(canvas, seconds, { x: x + aside.x, y: y + aside.y });
  }
}
