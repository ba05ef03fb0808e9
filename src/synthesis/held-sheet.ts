import { type Canvas, type PaintedSurface, paintTriangles } from '../numeric/paint-triangles.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import { type Pinhole, project, type Rotation, rotate, rotationOf, type Turn } from './space.ts';

const COLUMNS = 16;
const ROWS = 16;

/** Where a sheet is at one moment. */
export interface SheetPose {
  readonly turn: Turn;
  /** Of its middle from the camera's axis, in units of a pixel at depth 0. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** How a sheet is bent: depth at its edges against its middle, in units of a pixel at depth 0. */
export interface Bend {
  readonly across: number;
  readonly along: number;
  readonly twist: number;
}

export const FLAT: Bend = { across: 0, along: 0, twist: 0 };

/** A sheet of paper or the front of a device with a picture on it, in somebody's hand. */
export class HeldSheet {
  readonly #camera: Pinhole;
  readonly #bend: Bend;
  readonly #positions = new Float32Array(3 * (COLUMNS + 1) * (ROWS + 1));
  readonly #shade = new Float32Array((COLUMNS + 1) * (ROWS + 1));
  readonly #opacity = new Float32Array((COLUMNS + 1) * (ROWS + 1)).fill(1);
  readonly #triangles = gridTriangles();

  constructor(camera: Pinhole, bend: Bend = FLAT) {
    this.#camera = camera;
    this.#bend = bend;
  }

  /** @param holes  one byte per pixel of the picture, 0 where the sheet is cut out */
  paint(canvas: Canvas, picture: RgbImage, pose: SheetPose, holes?: Uint8Array): void {
    const { widthPx, heightPx } = picture;
    const rotation = rotationOf(pose.turn);
    const textureAt = new Float32Array(2 * this.#opacity.length);
    for (let index = 0; index < this.#opacity.length; index += 1) {
      const u = (index % (COLUMNS + 1)) / COLUMNS;
      const v = Math.floor(index / (COLUMNS + 1)) / ROWS;
      textureAt[2 * index] = u * widthPx;
      textureAt[2 * index + 1] = v * heightPx;
      this.#placePoint(picture, rotation, pose, { u, v }, this.#positions, 3 * index);
      this.#shade[index] = this.#lightOn(rotation, picture, u, v);
    }
    const surface: PaintedSurface = {
      positions: this.#positions,
      textureAt,
      opacity: this.#opacity,
      shade: this.#shade,
      triangles: this.#triangles,
      picture,
      ...(holes === undefined ? {} : { holes }),
    };
    paintTriangles(canvas, surface);
  }

  /**
   * Where points of the picture are in the frame.
   * @param points  (n, 3) x, y in pixels of the picture; z is not read
   * @returns (n, 3)
   */
  locate(points: Float32Array, picture: RgbImage, pose: SheetPose): Float32Array {
    const rotation = rotationOf(pose.turn);
    const located = new Float32Array(points.length);
    for (let at = 0; at < points.length; at += 3) {
      const u = (points[at] ?? 0) / picture.widthPx;
      const v = (points[at + 1] ?? 0) / picture.heightPx;
      this.#placePoint(picture, rotation, pose, { u, v }, located, at);
    }
    return located;
  }

  #placePoint(
    { widthPx, heightPx }: RgbImage,
    rotation: Rotation,
    pose: SheetPose,
    { u, v }: { readonly u: number; readonly v: number },
    to: Float32Array,
    at: number,
  ): void {
    const [s, t] = [2 * u - 1, 2 * v - 1];
    const { across, along, twist } = this.#bend;
    const z = across * s * s + along * t * t + twist * s * t;
    const {
      x,
      y,
      z: depth,
    } = rotate(rotation, {
      x: (s * widthPx) / 2,
      y: (t * heightPx) / 2,
      z,
    });
    project(this.#camera, { x: x + pose.x, y: y + pose.y, z: depth + pose.z }, to, at);
  }

  /** Paper turned away from a light above the camera is darker. */
  #lightOn(rotation: Rotation, { widthPx, heightPx }: RgbImage, u: number, v: number): number {
    const { across, along, twist } = this.#bend;
    const [s, t] = [2 * u - 1, 2 * v - 1];
    const x = (2 * (2 * across * s + twist * t)) / widthPx;
    const y = (2 * (2 * along * t + twist * s)) / heightPx;
    const normal = rotate(rotation, { x, y, z: -1 });
    const length = Math.hypot(normal.x, normal.y, normal.z);
    return 0.55 + (0.45 * (-0.9 * normal.z - 0.44 * normal.y)) / length / 0.9;
  }
}

function gridTriangles(): Uint16Array {
  const corners: number[] = [];
  for (let row = 0; row < ROWS; row += 1) {
    for (let column = 0; column < COLUMNS; column += 1) {
      const from = row * (COLUMNS + 1) + column;
      const below = from + COLUMNS + 1;
      corners.push(from, from + 1, below, from + 1, below + 1, below);
    }
  }
  return Uint16Array.from(corners);
}
