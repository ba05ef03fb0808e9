import type { Box } from '../domain/face.ts';
import type { LivenessFusion } from '../domain/liveness-fusion.ts';
import { ALL_CUES } from '../liveness/cues/all-cues.ts';
import { PASSIVE_CUES } from '../liveness/cues/passive-cues.ts';
import { fusionScore, horizonFor } from '../liveness/fusion-score.ts';
import type { PassiveEvidence } from '../liveness/key-frame.ts';
import type { PassiveScores } from '../liveness/liveness-sample.ts';
import { PassiveMean } from '../liveness/passive-mean.ts';
import { type RandomSource, seededRandom } from '../numeric/random.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import { clopperPearson, type Interval } from './clopper-pearson.ts';

/** A frame, and the face in it as the detector found it. */
export interface SeenFace {
  readonly picture: RgbImage;
  readonly box: Box;
}

/** How often a decision is another one after a change that should not matter. */
export interface FlipRate {
  readonly flips: number;
  readonly trials: number;
  readonly rate: number;
  readonly interval: Interval;
}

/** Of the passive networks' part of the ratio alone: for life or against it. */
export interface StabilityReport {
  readonly faces: number;
  /** One frame, its box moved and resized by up to 20 % of its side. */
  readonly jitterOfOneFrame: FlipRate;
  /** Mean over three key frames, each with a box of its own: what the door decides by. */
  readonly jitterOfThree: FlipRate;
  /** One frame, brighter or darker by one and two stops. */
  readonly exposure: FlipRate;
  /** The same, with what a camera's automatic exposure would do within a second: one stop at most. */
  readonly exposureWithinOneStop: FlipRate;
}

export type ScorePassive = (picture: RgbImage, box: Box) => Promise<PassiveScores>;

const JITTER = 0.2;
const DRAWS = 6;
const KEY_FRAMES = 3;
const STOPS = [-2, -1, 1, 2] as const;
const GAMMA = 2.2;
const KINDS = ALL_CUES.map(({ kind }) => kind);

/** @throws PORTICO_MODEL_RUN; the signal's reason */
export async function evaluateStability(
  faces: readonly SeenFace[],
  fusion: LivenessFusion,
  score: ScorePassive,
  {
    seed,
    onProgress,
    signal,
  }: {
    readonly seed: number;
    readonly onProgress?: (done: number, total: number) => void;
    readonly signal?: AbortSignal;
  },
): Promise<StabilityReport> {
  const random = seededRandom(seed);
  const tallies = { one: tally(), three: tally(), exposure: tally(), oneStop: tally() };
  for (const [index, face] of faces.entries()) {
    signal?.throwIfAborted();
    const before = isForLife(fusion, [await score(face.picture, face.box)]);
    const jittered: PassiveScores[] = [];
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const scores = await score(face.picture, jitteredBox(face.box, random));
      jittered.push(scores);
      note(tallies.one, before !== isForLife(fusion, [scores]));
    }
    for (let from = 0; from < DRAWS; from += KEY_FRAMES) {
      const three = jittered.slice(from, from + KEY_FRAMES);
      note(tallies.three, before !== isForLife(fusion, three));
    }
    for (const stops of STOPS) {
      const scores = await score(exposed(face.picture, stops), face.box);
      const hasFlipped = before !== isForLife(fusion, [scores]);
      note(tallies.exposure, hasFlipped);
      if (Math.abs(stops) === 1) note(tallies.oneStop, hasFlipped);
    }
    onProgress?.(index + 1, faces.length);
  }
  return {
    faces: faces.length,
    jitterOfOneFrame: rateOf(tallies.one),
    jitterOfThree: rateOf(tallies.three),
    exposure: rateOf(tallies.exposure),
    exposureWithinOneStop: rateOf(tallies.oneStop),
  };
}

/** What the passive networks alone say; every other cue is missing and adds nothing. */
export function isForLife(fusion: LivenessFusion, scores: readonly PassiveScores[]): boolean {
  const horizon = horizonFor(fusion, KEY_FRAMES);
  if (horizon === undefined) return false;
  const mean = new PassiveMean();
  for (const one of scores) mean.add(one);
  const evidence = mean.take();
  const values = passiveVector(fusion, evidence);
  return fusionScore(fusion, horizon, values, KINDS).logLikelihoodRatio > 0;
}

function passiveVector(fusion: LivenessFusion, passive: PassiveEvidence | undefined): Float64Array {
  const window = passive === undefined ? [] : [{ passive }];
  const known = new Map(PASSIVE_CUES.map(({ name, measure }) => [name, measure(window)] as const));
  return Float64Array.from(fusion.cues, (cue) => known.get(cue) ?? Number.NaN);
}

function jitteredBox(box: Box, random: RandomSource): Box {
  const draw = (): number => JITTER * (2 * random() - 1);
  const scale = 1 + draw();
  const [widthPx, heightPx] = [box.widthPx * scale, box.heightPx * scale];
  return {
    xPx: box.xPx + (box.widthPx - widthPx) / 2 + draw() * box.widthPx,
    yPx: box.yPx + (box.heightPx - heightPx) / 2 + draw() * box.heightPx,
    widthPx,
    heightPx,
  };
}

/** The picture as a sensor would give it with so many stops more light; what is too bright is cut off. */
export function exposed({ rgb, widthPx, heightPx }: RgbImage, stops: number): RgbImage {
  const gain = 2 ** (stops / GAMMA);
  const table = Uint8Array.from({ length: 256 }, (_, value) =>
    Math.min(255, Math.round(value * gain)),
  );
  return { rgb: rgb.map((value) => table[value] ?? 0), widthPx, heightPx };
}

interface Tally {
  flips: number;
  trials: number;
}

const tally = (): Tally => ({ flips: 0, trials: 0 });

function note(counts: Tally, hasFlipped: boolean): void {
  counts.trials += 1;
  if (hasFlipped) counts.flips += 1;
}

const rateOf = ({ flips, trials }: Tally): FlipRate => ({
  flips,
  trials,
  rate: flips / trials,
  interval: clopperPearson(flips, trials),
});
