import sharp from 'sharp';
import { seededRandom } from '../../src/numeric/random.ts';
import type { RgbImage } from '../../src/numeric/sample-image.ts';
import { type QrModules, QUIET_MODULES } from '../../src/qr/qr-modules.ts';

export interface Held {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Side of the code with its margin, of the picture's height. */
  readonly share: number;
  /** Turned away about the upright axis, and in its own plane. */
  readonly tiltDegrees?: number;
  readonly rollDegrees?: number;
  readonly blurPx?: number;
  /** Standard deviation of the sensor, of 255. */
  readonly noise?: number;
}

const WALL = 90;
const RADIANS = Math.PI / 180;
/** In heights of the picture: about that of a webcam. */
const FOCAL = 1.2;

/** A code on a screen that somebody holds before a camera, as the camera sees it. */
export async function heldCode(code: QrModules, held: Held): Promise<RgbImage> {
  const { widthPx, heightPx } = held;
  const raw = { width: widthPx, height: heightPx, channels: 3 } as const;
  let drawn: Buffer = Buffer.from(paint(code, held));
  if ((held.blurPx ?? 0) > 0) {
    drawn = await sharp(drawn, { raw }).blur(held.blurPx).raw().toBuffer();
  }
  const random = seededRandom(11);
  const rgb = new Uint8Array(drawn.length);
  for (let pixel = 0; pixel < drawn.length; pixel += 3) {
    const spread = (random() + random() + random() + random() - 2) * Math.sqrt(3);
    const noise = spread * (held.noise ?? 0);
    for (let channel = 0; channel < 3; channel++) {
      const value = (drawn[pixel + channel] as number) + noise;
      rgb[pixel + channel] = Math.max(0, Math.min(255, Math.round(value)));
    }
  }
  return { widthPx, heightPx, rgb };
}

function paint(code: QrModules, held: Held): Uint8Array {
  const { widthPx, heightPx, share } = held;
  const tilt = (held.tiltDegrees ?? 0) * RADIANS;
  const roll = (held.rollDegrees ?? 0) * RADIANS;
  const distance = FOCAL / share;
  const rgb = new Uint8Array(widthPx * heightPx * 3);
  const SUB = 2;
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      let sum = 0;
      for (let s = 0; s < SUB * SUB; s++) {
        const px = (x + ((s % SUB) + 0.5) / SUB - widthPx / 2) / heightPx;
        const py = (y + (Math.floor(s / SUB) + 0.5) / SUB - heightPx / 2) / heightPx;
        // The ray through the pixel meets the plane z = distance + X sin(tilt), X along the tilted card.
        const along = (px * distance) / (FOCAL * Math.cos(tilt) - px * Math.sin(tilt));
        const depth = distance + along * Math.sin(tilt);
        const down = (py * depth) / FOCAL;
        sum += shadeAt(
          code,
          along * Math.cos(roll) + down * Math.sin(roll),
          down * Math.cos(roll) - along * Math.sin(roll),
        );
      }
      rgb.fill(Math.round(sum / (SUB * SUB)), (y * widthPx + x) * 3, (y * widthPx + x) * 3 + 3);
    }
  }
  return rgb;
}

/** @param u, v  on the card, -0.5 to 0.5 with its margin */
function shadeAt({ side, isDark }: QrModules, u: number, v: number): number {
  if (Math.abs(u) > 0.5 || Math.abs(v) > 0.5) return WALL;
  const whole = side + 2 * QUIET_MODULES;
  const column = Math.floor((u + 0.5) * whole) - QUIET_MODULES;
  const row = Math.floor((v + 0.5) * whole) - QUIET_MODULES;
  const isInside = column >= 0 && column < side && row >= 0 && row < side;
  return isInside && isDark[row * side + column] === true ? 25 : 225;
}
