import type { Canvas } from '../numeric/paint-triangles.ts';
import type { SheetPose } from './held-sheet.ts';
import type { Pinhole } from './space.ts';
import { rotationOf } from './space.ts';

/** What light does on and in a display, beyond the picture. */
export interface ScreenOptics {
  /** Pixels of the display across the sheet and down it; the sensor's own grid beats with them. */
  readonly columns: number;
  readonly rows: number;
  /** Contrast of the grid of pixels as far as lens and sensor pass it, in [0, 1]. */
  readonly gridContrast: number;
  /** Periods of the backlight's flicker while the shutter rolls down one frame. */
  readonly bandsPerFrame: number;
  /** Periods by which the bands move from one frame to the next. */
  readonly bandStep: number;
  readonly bandContrast: number;
  /** A reflected lamp: place in shares of the sheet when it is held straight, radius in the same, strength 0..255. */
  readonly glare: {
    readonly u: number;
    readonly v: number;
    readonly radius: number;
    readonly strength: number;
  };
}

/** The part of a sheet that is lit, in shares of its width and height. */
export interface LitPart {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface ScreenLight {
  readonly optics: ScreenOptics;
  readonly lit: LitPart;
}

interface PlacedSheet {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pose: SheetPose;
}

const TABLE = 4_096;
const COSINES = Float32Array.from({ length: TABLE }, (_value, index) =>
  Math.cos((2 * Math.PI * index) / TABLE),
);
const cosineOfTurns = (turns: number): number =>
  COSINES[Math.floor((turns - Math.floor(turns)) * TABLE)] ?? 0;

/** Lets the lit part of a flat sheet shine like a display: grid, flicker and glare. */
export function shineAsScreen(
  canvas: Canvas,
  camera: Pinhole,
  sheet: PlacedSheet,
  { optics, lit }: ScreenLight,
  frameIndex: number,
): void {
  const toSheet = sheetFromFrame(camera, sheet);
  const { glare } = optics;
  // A mirror turned by an angle turns what it shows by two: the lamp wanders over the sheet.
  const lampU = glare.u + 2 * sheet.pose.turn.yaw;
  const lampV = glare.v - 2 * sheet.pose.turn.pitch;
  const aspect = sheet.heightPx / sheet.widthPx;
  for (let row = 0; row < canvas.heightPx; row += 1) {
    const y = row + 0.5;
    const turns = (optics.bandsPerFrame * y) / canvas.heightPx + optics.bandStep * frameIndex;
    const band = 1 + optics.bandContrast * cosineOfTurns(turns);
    let at = 3 * row * canvas.widthPx;
    for (let column = 0; column < canvas.widthPx; column += 1, at += 3) {
      const x = column + 0.5;
      const w = toSheet[6] * x + toSheet[7] * y + toSheet[8];
      const u = (toSheet[0] * x + toSheet[1] * y + toSheet[2]) / w;
      const v = (toSheet[3] * x + toSheet[4] * y + toSheet[5]) / w;
      if (!(u > lit.left && u < lit.right && v > lit.top && v < lit.bottom)) continue;
      const down = cosineOfTurns(optics.rows * v);
      const away = ((u - lampU) ** 2 + ((v - lampV) * aspect) ** 2) / glare.radius ** 2;
      const shine = away < 9 ? glare.strength * Math.exp(-away) : 0;
      for (let channel = 0; channel < 3; channel += 1) {
        // Red, green and blue stripes stand side by side: each a third of a pixel further.
        const across = cosineOfTurns(optics.columns * u + channel / 3);
        const grid = 1 + optics.gridContrast * (0.7 * across + 0.3 * down);
        canvas.data[at + channel] = (canvas.data[at + channel] ?? 0) * grid * band + shine;
      }
    }
  }
}

type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/** The homography from the frame to shares of the sheet: the inverse of how the sheet is seen. */
function sheetFromFrame({ centreX, centreY, focalPx }: Pinhole, sheet: PlacedSheet): Matrix {
  const { pose, widthPx, heightPx } = sheet;
  const [a, b, , d, e, , g, h] = rotationOf(pose.turn);
  const right = [a * widthPx, d * widthPx, g * widthPx] as const;
  const down = [b * heightPx, e * heightPx, h * heightPx] as const;
  const corner = [
    pose.x - (right[0] + down[0]) / 2,
    pose.y - (right[1] + down[1]) / 2,
    pose.z - (right[2] + down[2]) / 2 + focalPx,
  ] as const;
  const column = ([x, y, z]: readonly [number, number, number]) =>
    [focalPx * x + centreX * z, focalPx * y + centreY * z, z] as const;
  const [p, q, r] = [column(right), column(down), column(corner)];
  return inverse([p[0], q[0], r[0], p[1], q[1], r[1], p[2], q[2], r[2]]);
}

/** Up to a factor, which a homography does not feel. */
function inverse([a, b, c, d, e, f, g, h, i]: Matrix): Matrix {
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
}
