import type { LivenessBounds } from '../domain/liveness-fusion.ts';
import type { FusionScore } from '../liveness/fusion-score.ts';
import { SequentialTest } from '../liveness/sequential-test.ts';
import type { ClipScores } from './pad-score.ts';
import { BONA_FIDE } from './presentation-attack-rates.ts';

/** Attacks of the worst species that the test may ever find bona fide. */
const MAX_SEQUENTIAL_APCER = 0.05;
/** Bona fide presentations that it may ever refuse outright. */
const MAX_REFUSED = 0.02;
/** Bona fide presentations whose motion may stay below its bound for the whole clip. */
const MAX_TOO_STILL = 0.02;
/** Two key frames let pictures in that a third shows up, and gain the person before the door 0.75 s. */
const FEWEST_SAMPLES = 3;
/** Wald's bounds for the first two rates; the measured ones may only be stricter. */
const WALD = {
  bonaFide: Math.log((1 - MAX_REFUSED) / MAX_SEQUENTIAL_APCER),
  attack: Math.log(MAX_REFUSED / (1 - MAX_SEQUENTIAL_APCER)),
} as const;

/**
 * Bounds of the sequential test from clips that the weights have not seen. Wald's own hold for exact
 * ratios of independent steps, which these are not; so each bound is moved out until the rate that it
 * stands for is kept on the clips, with a look at every key frame.
 */
export function sequentialBounds(clips: readonly ClipScores[]): LivenessBounds {
  const bonaFideClips = clips.filter(({ example }) => example.species === BONA_FIDE);
  const species = new Set(clips.map(({ example }) => example.species));
  species.delete(BONA_FIDE);
  const motion = -leastBoundAbove(
    bonaFideClips.map((clip) => -peakOf(clip, ({ motionRatio }) => motionRatio)),
    MAX_TOO_STILL,
  );
  const needed = [...species].map((kind) =>
    leastBoundAbove(
      clips
        .filter(({ example }) => example.species === kind)
        .map((clip) => peakOf(clip, (score) => admittingRatio(score, motion))),
      MAX_SEQUENTIAL_APCER,
    ),
  );
  const refusing = leastBoundAbove(
    bonaFideClips.map((clip) => peakOf(clip, (score) => -score.ratioWithoutStillness)),
    MAX_REFUSED,
  );
  return {
    bonaFide: roundedOut(Math.max(WALD.bonaFide, ...needed)),
    attack: -roundedOut(Math.max(-WALD.attack, refusing)),
    motion: Math.floor(motion * 100) / 100,
    fewestSamples: FEWEST_SAMPLES,
  };
}

/** Over the lengths at which the test decides. */
const peakOf = ({ bySamples }: ClipScores, read: (score: FusionScore) => number): number =>
  Math.max(
    ...[...bySamples].flatMap(([samples, score]) =>
      samples < FEWEST_SAMPLES ? [] : [read(score)],
    ),
  );

/** What counts towards a bona fide finding: nothing, while the motion is too little. */
const admittingRatio = (score: FusionScore, motion: number): number =>
  score.motionRatio >= motion ? score.logLikelihoodRatio : Number.NEGATIVE_INFINITY;

/** A bound that at most `share` of the values reach. */
function leastBoundAbove(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => right - left);
  const first = sorted[Math.floor(share * sorted.length)] ?? Number.NEGATIVE_INFINITY;
  return first + 1e-9;
}

/** Two decimals, away from zero. */
const roundedOut = (bound: number): number => Math.ceil(bound * 100) / 100;

export interface SequentialOutcomes {
  readonly bonaFide: number;
  readonly attack: number;
  /** These are asked for a challenge. */
  readonly undecided: number;
}

/** Shares of the clips of each kind by what the sequential test says of them when `samples` are in. */
export function sequentialOutcomes(
  clips: readonly ClipScores[],
  bounds: LivenessBounds,
  samplesOf: (clip: ClipScores) => number,
): Readonly<Record<string, SequentialOutcomes>> {
  const counts = new Map<string, { bonaFide: number; attack: number; total: number }>();
  for (const clip of clips) {
    const { species } = clip.example;
    const count = counts.get(species) ?? { bonaFide: 0, attack: 0, total: 0 };
    counts.set(species, count);
    count.total += 1;
    const outcome = everSaid(clip, bounds, samplesOf(clip));
    if (outcome !== 'undecided') count[outcome] += 1;
  }
  return Object.fromEntries(
    [...counts].map(([species, { bonaFide, attack, total }]) => [
      species,
      {
        bonaFide: bonaFide / total,
        attack: attack / total,
        undecided: (total - bonaFide - attack) / total,
      },
    ]),
  );
}

/** The first decision; the door acts on it at once. */
function everSaid(
  { bySamples }: ClipScores,
  bounds: LivenessBounds,
  samples: number,
): 'bonaFide' | 'attack' | 'undecided' {
  const test = new SequentialTest(bounds);
  for (const [length, score] of bySamples) {
    if (length > samples) break;
    const { outcome } = test.step(score, length);
    if (outcome === 'bona-fide') return 'bonaFide';
    if (outcome === 'attack') return 'attack';
  }
  return 'undecided';
}
