import { SPECIES, type Species } from '../synthesis/species.ts';
import type { ClipVerdict } from './clip-trial.ts';
import { type Proportion, proportion } from './presentation-attack-rates.ts';

/** A bona fide person should be let in by looking on within so many milliseconds. */
export const PROMPT_MS = 2_500;
/** Cues named for each attack that was let in. */
const NAMED_CUES = 4;

export interface ClipTrial {
  readonly species: Species;
  readonly person: string;
  readonly seed: number;
  readonly verdict: ClipVerdict;
}

/** By the first decision; the three add up to one. */
export interface ClipOutcomes {
  readonly letIn: Proportion;
  readonly refused: Proportion;
  /** Undecided to the end: a challenge is asked for, which a picture cannot answer. */
  readonly challenged: Proportion;
}

export interface AttackLetIn {
  readonly species: Species;
  readonly person: string;
  readonly seed: number;
  readonly atMs: number | undefined;
  /** The strongest cues and what each added to the log-likelihood ratio. */
  readonly because: Readonly<Record<string, number>>;
}

/** The stable result of `portico evaluate clips --json`. */
export interface ClipsReport {
  readonly clips: number;
  readonly persons: number;
  readonly bonaFide?: ClipOutcomes & {
    /** Let in by looking on within 2.5 s. */
    readonly prompt: Proportion;
    /** Of those let in, half by this time and 19 of 20 by that. */
    readonly p50Ms: number | undefined;
    readonly p95Ms: number | undefined;
  };
  /** Per species, the one let in most first. */
  readonly attacks: Readonly<Record<string, ClipOutcomes>>;
  readonly allAttacks?: ClipOutcomes;
  readonly letIn: readonly AttackLetIn[];
}

export function clipsReport(trials: readonly ClipTrial[]): ClipsReport {
  const bonaFide = trials.filter(({ species }) => species === 'bona-fide');
  const attacks = trials.filter(({ species }) => species !== 'bona-fide');
  const bySpecies = SPECIES.filter((species) => attacks.some((trial) => trial.species === species))
    .map((species): readonly [Species, ClipOutcomes] => [
      species,
      outcomesOf(attacks.filter((trial) => trial.species === species)),
    ])
    .toSorted(([, left], [, right]) => right.letIn.rate - left.letIn.rate);
  return {
    clips: trials.length,
    persons: new Set(trials.map(({ person }) => person)).size,
    ...(bonaFide.length === 0 ? {} : { bonaFide: bonaFideOutcomes(bonaFide) }),
    attacks: Object.fromEntries(bySpecies),
    ...(attacks.length === 0 ? {} : { allAttacks: outcomesOf(attacks) }),
    letIn: attacks.filter(({ verdict }) => verdict.outcome === 'bona-fide').map(attackLetIn),
  };
}

function outcomesOf(trials: readonly ClipTrial[]): ClipOutcomes {
  const share = (outcome: ClipVerdict['outcome']): Proportion =>
    proportion(trials.filter(({ verdict }) => verdict.outcome === outcome).length, trials.length);
  return {
    letIn: share('bona-fide'),
    refused: share('attack'),
    challenged: share('undecided'),
  };
}

function bonaFideOutcomes(trials: readonly ClipTrial[]): NonNullable<ClipsReport['bonaFide']> {
  const times = trials
    .flatMap(({ verdict }) => (verdict.outcome === 'bona-fide' ? [verdict.atMs ?? 0] : []))
    .sort((left, right) => left - right);
  const prompt = times.filter((atMs) => atMs <= PROMPT_MS).length;
  const timeOf = (share: number): number | undefined =>
    times[Math.min(times.length - 1, Math.floor(share * times.length))];
  return {
    ...outcomesOf(trials),
    prompt: proportion(prompt, trials.length),
    p50Ms: timeOf(0.5),
    p95Ms: timeOf(0.95),
  };
}

function attackLetIn({ species, person, seed, verdict }: ClipTrial): AttackLetIn {
  const strongest = verdict.because.slice(0, NAMED_CUES);
  return {
    species,
    person,
    seed,
    atMs: verdict.atMs,
    because: Object.fromEntries(
      strongest.map(({ cue, contribution }) => [cue, Number(contribution.toFixed(2))]),
    ),
  };
}
