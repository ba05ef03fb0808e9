import type { Canvas } from '../numeric/paint-triangles.ts';
import { normalDraw, type RandomSource, seededRandom } from '../numeric/random.ts';
import { drawBetween, drawWander, type Wander } from './wander.ts';

const NOISE_VALUES = 65_536;

/** A small camera: its exposure wavers and its picture is noisy, brighter parts more so. */
export class Sensor {
  readonly #seed: number;
  readonly #exposure: Wander;
  readonly #level: number;
  readonly #noise: Float32Array;
  /** Standard deviation of the noise at each value 0..255. */
  readonly #deviation: Float32Array;

  constructor(random: RandomSource, seed: number) {
    this.#seed = seed;
    this.#level = drawBetween(random, 0.85, 1.12);
    this.#exposure = drawWander(random, { amount: 0.02, lowHz: 0.1, highHz: 0.6 });
    this.#noise = Float32Array.from({ length: NOISE_VALUES }, () => normalDraw(random));
    const readNoise = drawBetween(random, 1, 2.5);
    const shotNoise = drawBetween(random, 0.01, 0.04);
    this.#deviation = Float32Array.from({ length: 256 }, (_value, index) =>
      Math.sqrt(readNoise * readNoise + shotNoise * index),
    );
  }

  /** @param rgb  of the canvas's size, overwritten */
  expose(canvas: Canvas, rgb: Uint8Array, frameIndex: number, seconds: number): void {
    const gain = this.#level * Math.exp(this.#exposure(seconds));
    const random = seededRandom(this.#seed ^ Math.imul(frameIndex + 1, 0x9e3779b1));
    const rowValues = 3 * canvas.widthPx;
    for (let row = 0; row < canvas.heightPx; row += 1) {
      let from = Math.floor(random() * NOISE_VALUES);
      const end = (row + 1) * rowValues;
      for (let at = row * rowValues; at < end; at += 1) {
        const value = Math.max(0, Math.min(255, (canvas.data[at] ?? 0) * gain));
        from = (from + 1) & (NOISE_VALUES - 1);
        const noisy = value + (this.#deviation[value | 0] ?? 0) * (this.#noise[from] ?? 0);
        rgb[at] = Math.max(0, Math.min(255, noisy + 0.5));
      }
    }
  }
}
