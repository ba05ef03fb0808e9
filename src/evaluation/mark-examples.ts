import { MESH_POINTS } from '../domain/face.ts';
import type { FrameSize } from '../domain/frame.ts';
import type { KeyFrame } from '../liveness/key-frame.ts';
import { KeyFrameSampler } from '../liveness/key-frame-sampler.ts';
import { markVector } from '../liveness/pixel-cues/mark-vector.ts';
import { type RandomSource, seededRandom } from '../numeric/random.ts';
import { generateClip } from '../synthesis/clip.ts';
import { SPECIES, type Species } from '../synthesis/species.ts';
import type { ClipPerson } from './clip-people.ts';
import { CADENCE_MS } from './pad-examples.ts';
import type { Progress } from './picture-encoder.ts';

/** The pixel cues of one generated clip. */
export interface MarkExample {
  readonly person: string;
  readonly species: Species;
  /** (windows) of (pixel cues); NaN for a missing cue. */
  readonly windows: readonly Float64Array[];
}

export interface MarkExamplesOptions {
  readonly people: readonly ClipPerson[];
  readonly clipsPerSpecies: number;
  readonly seed: number;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/** A print that is slid in is, once there, a print. */
export const MARKED_SPECIES: readonly Species[] = SPECIES.filter(
  (species) => species !== 'slid-in-print',
);
const SIZE: FrameSize = { widthPx: 640, heightPx: 480 };
/** Cameras differ, and so do boards; no cue may lean on one rate. */
const FRAME_RATES = [8, 12, 15, 25] as const;
/** Standard deviation of the mesh, per coordinate. */
const MESH_NOISE_PX = 0.4;
/** Key frames of the windows that are learned from, all from the start of the clip. */
const WINDOWS = [3, 4] as const;
const CLIP_MS = 2_400;
/** One clip in so many is long enough for a pulse to be found or missed. */
const LONG_EVERY = 4;
const LONG_WINDOW = 13;
const LONG_CLIP_MS = 9_200;

/**
 * Generates clips and measures the pixel cues on them, with the true mesh and some noise in the place of
 * the networks. Ten to forty milliseconds a frame.
 */
export async function markExamples(options: MarkExamplesOptions): Promise<readonly MarkExample[]> {
  const { people, clipsPerSpecies, seed, onProgress, signal } = options;
  const examples: MarkExample[] = [];
  const total = clipsPerSpecies * MARKED_SPECIES.length;
  for (let index = 0; index < clipsPerSpecies; index += 1) {
    for (const [at, species] of MARKED_SPECIES.entries()) {
      // Lets a signal be heard between two clips.
      await Promise.resolve();
      signal?.throwIfAborted();
      const shown = people[index % people.length];
      const attacker = people[(index + 1) % people.length];
      if (shown === undefined || attacker === undefined) continue;
      const clipSeed = seed + index * MARKED_SPECIES.length + at;
      const isLong = index % LONG_EVERY === 0;
      examples.push(measured({ shown, attacker, species, seed: clipSeed, isLong }));
      onProgress?.(examples.length, total);
    }
  }
  return examples;
}

interface Staging {
  readonly shown: ClipPerson;
  readonly attacker: ClipPerson;
  readonly species: Species;
  readonly seed: number;
  readonly isLong: boolean;
}

function measured({ shown, attacker, species, seed, isLong }: Staging): MarkExample {
  const random = seededRandom(seed ^ 0x5bd1e995);
  const framesPerSecond = FRAME_RATES[Math.floor(random() * FRAME_RATES.length)] ?? 12;
  const clip = generateClip({
    portrait: shown.portrait,
    attacker: attacker.portrait,
    species,
    seed,
    size: SIZE,
    framesPerSecond,
    durationMs: isLong ? LONG_CLIP_MS : CLIP_MS,
  });
  const sampler = new KeyFrameSampler(CADENCE_MS);
  const keyFrames: KeyFrame[] = [];
  for (const frame of clip.frames()) {
    const keyFrame = sampler.take({
      capturedAtMs: frame.capturedAtMs,
      trackId: 1,
      mesh: withNoise(frame.mesh, random),
      box: { xPx: 0, yPx: 0, widthPx: 1, heightPx: 1 },
      detectorScore: 1,
      passive: undefined,
      picture: frame,
    });
    if (keyFrame !== undefined) keyFrames.push(keyFrame);
  }
  const lengths = isLong ? [...WINDOWS, LONG_WINDOW] : WINDOWS;
  return {
    person: shown.person,
    species,
    windows: lengths.map((length) => markVector(keyFrames.slice(0, length))),
  };
}

/** Source: the sum of three even draws is close to normal */
function withNoise(mesh: Float32Array, random: RandomSource): Float32Array {
  const noisy = Float32Array.from(mesh);
  for (let index = 0; index < MESH_POINTS; index += 1) {
    for (let axis = 0; axis < 2; axis += 1) {
      const draw = 2 * (random() + random() + random() - 1.5);
      noisy[3 * index + axis] = (noisy[3 * index + axis] ?? 0) + MESH_NOISE_PX * draw;
    }
  }
  return noisy;
}
