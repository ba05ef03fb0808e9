import { seededRandom } from '../../numeric/random.ts';
import type { RunnableGraph } from '../paint.ts';
import type { PictureSize } from '../painting-graph.ts';
import { type Picture, resizePicture, sizeWithin } from '../picture.ts';
import { UNIT_PORTS } from './unit-net.ts';

export interface MaximiseSettings {
  readonly longSidePx: number;
  readonly steps: number;
  readonly seed: number;
}

export interface MaximiseParts {
  /** The unit's response and its gradient for pictures of that size. */
  readonly open: (size: PictureSize) => Promise<RunnableGraph>;
  /** After every step. */
  readonly onStep?: (share: number, response: number) => void;
  readonly signal?: AbortSignal;
}

/** Sizes as shares of the last one: what is large is found small. */
const OCTAVES = [0.5, 0.7, 1] as const;
/** Length of a step, for a gradient whose root mean square is 1. */
const RATE = 0.035;
/** Share by which every step draws the colours back to grey. */
const DECAY = 0.012;
/** The picture is looked at a little beside where it was looked at last, pixels. */
const JITTER_PX = 8;
/** How wide the gradient is blurred, at the first step and at the last of each size, pixels. */
const BLUR_PX = [2, 0.5] as const;
const GREY = 0.5;
const NOISE = 0.12;
/** A unit that says nothing has no derivative either: other pictures are tried until it answers. */
const SHAKE = 0.8;

/**
 * A picture that excites one unit: ascends along the derivative of its response by the pixels. Jitter,
 * blur and decay keep the noise out that a network answers to as well, and nobody sees anything in.
 * Source: Yosinski et al. 2015 (blur, decay); Mordvintsev et al. 2015 (jitter, sizes)
 */
export async function maximiseUnit(
  { longSidePx, steps, seed }: MaximiseSettings,
  { open, onStep, signal }: MaximiseParts,
): Promise<Picture> {
  const random = seededRandom(seed);
  const square = { widthPx: 1, heightPx: 1 };
  const perOctave = Math.ceil(steps / OCTAVES.length);
  let picture: Picture | undefined;
  for (const [octave, share] of OCTAVES.entries()) {
    const size = sizeWithin(square, Math.round(longSidePx * share));
    picture = picture === undefined ? noise(size, random) : resizePicture(picture, size);
    const graph = await open(size);
    try {
      for (let step = 0; step < perOctave && signal?.aborted !== true; step += 1) {
        const done = step / perOctave;
        const response = await ascend(picture, graph, {
          shift: [jitter(random), jitter(random)],
          blurPx: BLUR_PX[0] + (BLUR_PX[1] - BLUR_PX[0]) * done,
        });
        if (response === 0) shake(picture, random);
        onStep?.((octave + done) / OCTAVES.length, response);
      }
    } finally {
      await graph.close();
    }
  }
  return picture ?? noise(square, random);
}

const jitter = (random: () => number): number => Math.round((2 * random() - 1) * JITTER_PX);

function noise(size: PictureSize, random: () => number): Picture {
  const planes = new Float32Array(3 * size.widthPx * size.heightPx);
  return { ...size, planes: planes.map(() => GREY + NOISE * (2 * random() - 1)) };
}

/** Soft spots of all colours over the picture, in place. */
function shake({ planes, widthPx, heightPx }: Picture, random: () => number): void {
  const spots = planes.map(() => 2 * random() - 1);
  const soft = blurred(spots, { widthPx, heightPx }, BLUR_PX[0]);
  for (let index = 0; index < planes.length; index += 1) {
    const moved = (planes[index] ?? 0) + SHAKE * (soft[index] ?? 0);
    planes[index] = Math.min(1, Math.max(0, moved));
  }
}

/** One step, in place. @returns the response before it */
async function ascend(
  { planes, widthPx, heightPx }: Picture,
  graph: RunnableGraph,
  { shift, blurPx }: { readonly shift: readonly [number, number]; readonly blurPx: number },
): Promise<number> {
  const size = { widthPx, heightPx };
  const seen = rolled(planes, size, shift);
  const results = await graph.run({ [UNIT_PORTS.pixels]: seen });
  const raw = results.get(UNIT_PORTS.gradient) ?? new Float32Array(planes.length);
  const gradient = blurred(rolled(raw, size, [-shift[0], -shift[1]]), size, blurPx);
  const length = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0) / planes.length);
  const rate = length > 0 ? RATE / length : 0;
  for (let index = 0; index < planes.length; index += 1) {
    const moved = (planes[index] ?? 0) + rate * (gradient[index] ?? 0);
    planes[index] = Math.min(1, Math.max(0, moved + DECAY * (GREY - moved)));
  }
  return results.get(UNIT_PORTS.response)?.[0] ?? Number.NaN;
}

/** Moved down and across; what leaves on one side comes in on the other. */
function rolled(
  planes: Float32Array,
  { widthPx, heightPx }: PictureSize,
  [down, across]: readonly [number, number],
): Float32Array {
  const result = new Float32Array(planes.length);
  const rows = planes.length / widthPx;
  for (let row = 0; row < rows; row += 1) {
    const plane = Math.floor(row / heightPx) * heightPx;
    const from = (plane + modulo(row - plane - down, heightPx)) * widthPx;
    for (let x = 0; x < widthPx; x += 1) {
      result[row * widthPx + x] = planes[from + modulo(x - across, widthPx)] ?? 0;
    }
  }
  return result;
}

const modulo = (value: number, divisor: number): number => ((value % divisor) + divisor) % divisor;

/** A Gaussian blur, first across, then down. */
function blurred(planes: Float32Array, size: PictureSize, sigmaPx: number): Float32Array {
  const reach = Math.ceil(2.5 * sigmaPx);
  const raw = Array.from({ length: 2 * reach + 1 }, (_, tap) =>
    Math.exp(-((tap - reach) ** 2) / (2 * sigmaPx * sigmaPx)),
  );
  const sum = raw.reduce((total, weight) => total + weight, 0);
  const kernel = raw.map((weight) => weight / sum);
  const { widthPx, heightPx } = size;
  const across = slid(planes, kernel, { stride: 1, length: widthPx });
  return slid(across, kernel, { stride: widthPx, length: heightPx });
}

/** A kernel slid along one axis, the border repeated. */
function slid(
  planes: Float32Array,
  kernel: readonly number[],
  { stride, length }: { readonly stride: number; readonly length: number },
): Float32Array {
  const reach = (kernel.length - 1) / 2;
  return planes.map((_, index) => {
    const position = Math.floor(index / stride) % length;
    const start = index - position * stride;
    let sum = 0;
    for (const [tap, weight] of kernel.entries()) {
      const at = Math.min(length - 1, Math.max(0, position + tap - reach));
      sum += weight * (planes[start + at * stride] ?? 0);
    }
    return sum;
  });
}
