import type { Canvas } from '../numeric/paint-triangles.ts';
import { normalDraw, type RandomSource, seededRandom } from '../numeric/random.ts';
import { drawBetween, drawWander, type Wander } from './wander.ts';

const NOISE_VALUES = 65_536;

/** A lamp that flickers with the mains, seen by a rolling shutter; most lamps do not. */
interface Flicker {
  readonly bandsPerFrame: number;
  readonly bandStep: number;
  readonly contrast: number;
}

/**
 * A small camera: its colours are its own, its exposure wavers, the room's lamp may flicker, and its
 * picture is noisy, brighter parts more so. None of it tells a person from a picture.
 */
export class Sensor {
  readonly #seed: number;
  readonly #exposure: Wander;
  readonly #level: number;
  readonly #saturation: number;
  /** Of red, green and blue. */
  readonly #balance: readonly [number, number, number];
  readonly #flicker: Flicker;
  readonly #noise: Float32Array;
  /** Standard deviation of the noise at each value 0..255. */
  readonly #deviation: Float32Array;

  constructor(random: RandomSource, seed: number) {
    this.#seed = seed;
    this.#level = drawBetween(random, 0.85, 1.12);
    this.#exposure = drawWander(random, { amount: 0.02, lowHz: 0.1, highHz: 0.6 });
    this.#saturation = drawBetween(random, 0.75, 1.2);
    const warmth = drawBetween(random, -0.12, 0.12);
    this.#balance = [Math.exp(warmth), 1, Math.exp(-warmth)];
    this.#flicker = drawFlicker(random);
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
    const { data } = canvas;
    const pale = 1 - this.#saturation;
    for (let row = 0; row < canvas.heightPx; row += 1) {
      let from = Math.floor(random() * NOISE_VALUES);
      const light = gain * this.#flickerAt(row / canvas.heightPx, frameIndex);
      const end = (row + 1) * rowValues;
      for (let at = row * rowValues; at < end; at += 3) {
        const [red, green, blue] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
        const grey = pale * (0.299 * red + 0.587 * green + 0.114 * blue);
        for (let channel = 0; channel < 3; channel += 1) {
          const colour = grey + this.#saturation * (data[at + channel] ?? 0);
          const lit = colour * light * (this.#balance[channel] ?? 1);
          const value = Math.max(0, Math.min(255, lit));
          from = (from + 1) & (NOISE_VALUES - 1);
          const noisy = value + (this.#deviation[value | 0] ?? 0) * (this.#noise[from] ?? 0);
          rgb[at + channel] = Math.max(0, Math.min(255, noisy + 0.5));
        }
      }
    }
  }

  #flickerAt(down: number, frameIndex: number): number {
    const { bandsPerFrame, bandStep, contrast } = this.#flicker;
    if (contrast === 0) return 1;
    return 1 + contrast * Math.cos(2 * Math.PI * (bandsPerFrame * down + bandStep * frameIndex));
  }
}

function drawFlicker(random: RandomSource): Flicker {
  const flickers = random() < 0.3;
  return {
    bandsPerFrame: drawBetween(random, 0.8, 4),
    bandStep: drawBetween(random, 0.05, 0.45),
    contrast: flickers ? drawBetween(random, 0.003, 0.02) : 0,
  };
}
