import { seededRandom } from '../numeric/random.ts';
import { partPeople } from './batches.ts';
import type { OpenGraph } from './descent.ts';
import { type Improvement, improvementOf } from './improvement.ts';
import { VALIDATION_FMR } from './measure-vectors.ts';
import { project } from './project.ts';
import { projectionHead } from './projection-head.ts';
import type { Sample, Tower } from './tower.ts';
import { type Trained, type TrainingCheck, train } from './train.ts';
import { tripletObjective } from './triplet-objective.ts';

/** Shares of the people: to judge and calibrate the result, and of the rest to find the best step. */
const JUDGE_SHARE = 0.35;
const VALIDATION_SHARE = 0.3;
const SEED = 1;
const TRIPLETS = { mining: 'semi-hard', margin: 0.2, decay: 1e-3 } as const;
const SETTINGS = {
  optimiser: 'adam',
  learningRate: 3e-5,
  batch: { people: 16, picturesEach: 4 },
  checkEverySteps: 40,
  patience: 5,
  seed: SEED,
} as const;

export interface Adapted {
  readonly head: Tower;
  readonly trained: Trained;
  /** On people that neither the steps nor the choice of the best one have seen. */
  readonly improvement: Improvement;
  readonly judges: readonly Sample[];
  /** The judges' vectors by the adapted encoder. */
  readonly judgesVectors: readonly Float32Array[];
}

export interface AdaptOptions {
  readonly open: OpenGraph;
  readonly steps: number;
  readonly onCheck?: (check: TrainingCheck) => void;
  readonly signal?: AbortSignal;
}

/**
 * Trains a head for the people and the light of one door, on top of an encoder that stays as it is.
 * @param samples  embeddings of people who agreed to it
 * @throws PORTICO_EVALUATION_DATA when they are too few
 */
export async function adapt(samples: readonly Sample[], options: AdaptOptions): Promise<Adapted> {
  const { open, steps, ...rest } = options;
  const random = seededRandom(SEED);
  const [others, judges] = partPeople(samples, JUDGE_SHARE, random);
  const [training, validation] = partPeople(others, VALIDATION_SHARE, random);
  const head = projectionHead(samples[0]?.values.length ?? 1);
  const trained = await train({
    tower: head,
    objective: tripletObjective(head, TRIPLETS),
    training,
    validation,
    settings: { ...SETTINGS, steps },
    open,
    ...rest,
  });
  const before = judges.map(({ values }) => values);
  const judgesVectors = await project(judges, head, trained.parameters, open);
  const vectors = { before, after: judgesVectors };
  const improvement = improvementOf(judges, vectors, VALIDATION_FMR);
  return { head, trained, improvement, judges, judgesVectors };
}
