import type { MonotonicMs } from '../../domain/units.ts';
import { bandPassKernel, convolve1d } from '../../numeric/convolution-1d.ts';
import { Fourier } from '../../numeric/fourier.ts';
import type { RgbImage } from '../../numeric/sample-image.ts';
import { type FaceAxes, type FaceRegion, regionToFrame } from './face-window.ts';

/** Forehead and cheeks: well supplied with blood, and they move little by themselves. */
const SKIN: readonly FaceRegion[] = [
  { left: -0.4, top: -0.75, width: 0.8, height: 0.35 },
  { left: -0.75, top: 0.4, width: 0.4, height: 0.4 },
  { left: 0.35, top: 0.4, width: 0.4, height: 0.4 },
];
const SAMPLES_ACROSS = 12;
/** The signal is brought to this rate, whatever the camera's. */
const RATE_HZ = 16;
/** Hearts beat 42 to 180 times a minute. */
const BAND_HZ = { low: 0.7, high: 3 } as const;
const KERNEL = bandPassKernel(33, BAND_HZ.low / RATE_HZ, BAND_HZ.high / RATE_HZ);
/** Shorter than this no heartbeat stands out; longer is not kept. */
const LEAST_S = 8;
const LONGEST_S = 12;
/** A frame that comes later than this after the one before starts anew. */
const LARGEST_GAP_MS = 250;
const SPECTRUM = 256;

interface Colour {
  readonly atMs: number;
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

export interface Heartbeat {
  readonly hz: number;
  /** Natural logarithm of the power at the beat over that in the rest of the band; > 0.5 is a clear beat. */
  readonly clarity: number;
}

/**
 * Pulse: blood colours the skin a little with every heartbeat. Means of forehead and cheeks, projected to
 * the plane in which light and motion cancel, band-passed by a 1-D convolution and tested for one
 * frequency. Slow: says nothing before eight seconds. A replayed video has a pulse too.
 * Source: Wang, den Brinker, Stuijk and de Haan 2017 (plane orthogonal to skin)
 */
export class PulseMeter {
  #colours: Colour[] = [];
  readonly #fourier = new Fourier(SPECTRUM);

  /** Takes in one frame. About 0.05 ms. */
  observe(frame: RgbImage, axes: FaceAxes, atMs: MonotonicMs): void {
    const last = this.#colours.at(-1);
    if (last !== undefined && atMs - last.atMs > LARGEST_GAP_MS) this.reset();
    const colour = skinColour(frame, axes, atMs);
    if (colour === undefined) return;
    const oldestMs = atMs - 1_000 * LONGEST_S;
    this.#colours = [...this.#colours.filter((kept) => kept.atMs >= oldestMs), colour];
  }

  /** Costs about 0.2 ms. @returns undefined before there is enough to tell */
  measure(): Heartbeat | undefined {
    const first = this.#colours[0]?.atMs ?? 0;
    const last = this.#colours.at(-1)?.atMs ?? 0;
    if (last - first < 1_000 * LEAST_S) return undefined;
    const beat = convolve1d(pulseSignal(resampled(this.#colours)), KERNEL);
    return this.#strongest(beat);
  }

  reset(): void {
    this.#colours = [];
  }

  #strongest(beat: Float64Array): Heartbeat {
    const real = new Float64Array(SPECTRUM);
    const imaginary = new Float64Array(SPECTRUM);
    for (const [index, value] of beat.subarray(0, SPECTRUM).entries()) {
      real[index] = value * Math.sin((Math.PI * (index + 0.5)) / beat.length) ** 2;
    }
    this.#fourier.transform(real, imaginary);
    const binOf = (hz: number): number => Math.round((hz * SPECTRUM) / RATE_HZ);
    const power = (bin: number): number => (real[bin] ?? 0) ** 2 + (imaginary[bin] ?? 0) ** 2;
    let best = binOf(BAND_HZ.low);
    let whole = 0;
    for (let bin = binOf(BAND_HZ.low); bin <= binOf(BAND_HZ.high); bin += 1) {
      if (power(bin) > power(best)) best = bin;
      whole += power(bin);
    }
    // A beat of so few seconds is as wide as this in the spectrum.
    let beside = 0;
    for (let bin = best - 3; bin <= best + 3; bin += 1) beside += power(bin);
    const clarity = Math.log((beside + 1e-12) / (Math.max(0, whole - beside) + 1e-12));
    return { hz: (best * RATE_HZ) / SPECTRUM, clarity };
  }
}

function skinColour(frame: RgbImage, axes: FaceAxes, atMs: number): Colour | undefined {
  const { rgb, widthPx, heightPx } = frame;
  let [red, green, blue, count] = [0, 0, 0, 0];
  for (const region of SKIN) {
    const { a, b, dx, dy } = regionToFrame(axes, region, SAMPLES_ACROSS);
    const rows = Math.round((SAMPLES_ACROSS * region.height) / region.width);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < SAMPLES_ACROSS; column += 1) {
        const x = Math.floor(a * column - b * row + dx);
        const y = Math.floor(b * column + a * row + dy);
        if (x < 0 || y < 0 || x >= widthPx || y >= heightPx) return undefined;
        const at = 3 * (y * widthPx + x);
        red += rgb[at] ?? 0;
        green += rgb[at + 1] ?? 0;
        blue += rgb[at + 2] ?? 0;
        count += 1;
      }
    }
  }
  return { atMs, red: red / count, green: green / count, blue: blue / count };
}

/** Linearly between frames, at the fixed rate. */
function resampled(colours: readonly Colour[]): readonly Colour[] {
  const first = colours[0]?.atMs ?? 0;
  const last = colours.at(-1)?.atMs ?? 0;
  const even: Colour[] = [];
  let index = 0;
  for (let atMs = first; atMs <= last; atMs += 1_000 / RATE_HZ) {
    while ((colours[index + 1]?.atMs ?? Number.POSITIVE_INFINITY) < atMs) index += 1;
    const from = colours[index];
    const to = colours[index + 1];
    if (from === undefined || to === undefined) break;
    const share = (atMs - from.atMs) / (to.atMs - from.atMs);
    const between = (read: (colour: Colour) => number): number =>
      read(from) + share * (read(to) - read(from));
    even.push({
      atMs,
      red: between(({ red }) => red),
      green: between(({ green }) => green),
      blue: between(({ blue }) => blue),
    });
  }
  return even;
}

/** One number per sample, free of what changes all three colours alike. */
function pulseSignal(colours: readonly Colour[]): Float64Array {
  const meanOf = (read: (colour: Colour) => number): number =>
    colours.reduce((sum, colour) => sum + read(colour), 0) / colours.length;
  const red = meanOf((colour) => colour.red);
  const green = meanOf((colour) => colour.green);
  const blue = meanOf((colour) => colour.blue);
  const first = Float64Array.from(colours, (c) => c.green / green - c.blue / blue);
  const second = Float64Array.from(
    colours,
    (c) => c.green / green + c.blue / blue - (2 * c.red) / red,
  );
  const ratio = deviation(first) / (deviation(second) + 1e-12);
  return first.map((value, index) => value + ratio * (second[index] ?? 0));
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / values.length);
}
