import { EvaluationError } from '../domain/errors.ts';
import { type RandomSource, seededRandom } from '../numeric/random.ts';
import { type BatchShape, byPerson, drawBatch } from './batches.ts';
import { Descent, type OpenGraph, type OptimiserChoice, type RunnableGraph } from './descent.ts';
import { vectorsOf } from './measure-vectors.ts';
import type { Objective } from './objective.ts';
import { ParameterStore } from './parameter-store.ts';
import { NAMES, towerGraph } from './siamese-graphs.ts';
import type { Parameter, Sample, Tower } from './tower.ts';

export interface TrainSettings extends OptimiserChoice {
  readonly batch: BatchShape;
  readonly steps: number;
  /** Validation happens so often. */
  readonly checkEverySteps: number;
  /** Ends after so many checks without a better one. */
  readonly patience: number;
  readonly seed: number;
}

export interface TrainOptions {
  readonly tower: Tower;
  readonly objective: Objective;
  /** Of people with two pictures or more, for the steps. */
  readonly training: readonly Sample[];
  /** Of other people, for the choice of the best step. */
  readonly validation: readonly Sample[];
  readonly settings: TrainSettings;
  readonly open: OpenGraph;
  /** Changes a sample a little each time it is drawn; absent: as it is. */
  readonly augment?: (values: Float32Array, random: RandomSource) => Float32Array;
  readonly onCheck?: (check: TrainingCheck) => void;
  readonly signal?: AbortSignal;
}

/** One look at the validation people. */
export interface TrainingCheck {
  readonly step: number;
  /** Mean since the check before; NaN at the first, before any step. */
  readonly loss: number;
  /** TAR at FMR 1e-2. */
  readonly validationTar: number;
}

export interface Trained {
  /** Of the best check; where nothing was better, as they began. */
  readonly parameters: readonly Parameter[];
  readonly best: TrainingCheck;
  readonly curve: readonly TrainingCheck[];
  readonly outcome: 'finished' | 'out-of-patience' | 'stopped';
}

/**
 * Trains by an objective, and keeps the parameters that told the validation people apart best.
 * @throws PORTICO_EVALUATION_DATA when nobody has two pictures, or there is nobody else to compare with
 */
export async function train(options: TrainOptions): Promise<Trained> {
  const { tower, objective, settings, open } = options;
  const people = byPerson(options.training);
  assertTrainable(people);
  const rows = settings.batch.people * settings.batch.picturesEach;
  const graphs: RunnableGraph[] = [];
  try {
    const forward = await open(towerGraph(tower, rows));
    graphs.push(forward);
    const cost = await open(objective.costGraph(rows));
    graphs.push(cost);
    return await new Run(options, { people, rows, forward, cost }).descend();
  } finally {
    for (const graph of graphs) await graph.close();
  }
}

interface Workbench {
  readonly people: ReadonlyMap<string, readonly Sample[]>;
  readonly rows: number;
  readonly forward: RunnableGraph;
  readonly cost: RunnableGraph;
}

/** One training from its first to its last step. */
class Run {
  readonly #options: TrainOptions;
  readonly #bench: Workbench;
  readonly #store: ParameterStore;
  readonly #descent: Descent;
  readonly #random: RandomSource;
  readonly #curve: TrainingCheck[] = [];
  #losses: number[] = [];
  #best: TrainingCheck = { step: 0, loss: Number.NaN, validationTar: -1 };
  #parameters: readonly Parameter[] = [];

  constructor(options: TrainOptions, bench: Workbench) {
    this.#options = options;
    this.#bench = bench;
    this.#store = new ParameterStore(options.objective.parameters);
    this.#descent = new Descent(bench.cost, this.#store, options.settings);
    this.#random = seededRandom(options.settings.seed);
  }

  async descend(): Promise<Trained> {
    const { settings, signal } = this.#options;
    await this.#check(0);
    let step = 0;
    while (step < settings.steps && signal?.aborted !== true && this.#hasPatience(step)) {
      this.#losses.push(await this.#step());
      step += 1;
      if (step % settings.checkEverySteps === 0) await this.#check(step);
    }
    const early = signal?.aborted === true ? 'stopped' : 'out-of-patience';
    return {
      parameters: this.#parameters,
      best: this.#best,
      curve: this.#curve,
      outcome: step < settings.steps ? early : 'finished',
    };
  }

  #hasPatience(step: number): boolean {
    const { patience, checkEverySteps } = this.#options.settings;
    return step - this.#best.step < patience * checkEverySteps;
  }

  async #check(step: number): Promise<void> {
    const { validation, objective, onCheck } = this.#options;
    const vectors = await this.#vectors(validation);
    const validationTar = objective.tar(validation, vectors, this.#store);
    const loss = this.#losses.reduce((sum, value) => sum + value, 0) / this.#losses.length;
    const check = { step, loss, validationTar };
    this.#losses = [];
    this.#curve.push(check);
    if (validationTar > this.#best.validationTar) {
      this.#best = check;
      this.#parameters = this.#store.frozen();
    }
    onCheck?.(check);
  }

  /** @returns the loss before the step */
  async #step(): Promise<number> {
    const { settings, augment, objective } = this.#options;
    const batch = drawBatch(this.#bench.people, settings.batch, this.#random).map(
      ({ person, values }) => ({
        person,
        values: augment === undefined ? values : augment(values, this.#random),
      }),
    );
    const people = batch.map(({ person }) => person);
    const vectors = () => this.#vectors(batch);
    const choice = await objective.choose({ people, vectors }, this.#random);
    return this.#descent.step({ [NAMES.samples]: stacked(batch), ...choice });
  }

  #vectors(samples: readonly Sample[]): Promise<readonly Float32Array[]> {
    const { forward, rows } = this.#bench;
    return vectorsOf(samples, { graph: forward, batch: rows, store: this.#store });
  }
}

function stacked(batch: readonly Sample[]): Float32Array {
  const size = batch[0]?.values.length ?? 0;
  const values = new Float32Array(batch.length * size);
  for (const [row, sample] of batch.entries()) values.set(sample.values, row * size);
  return values;
}

function assertTrainable(people: ReadonlyMap<string, readonly Sample[]>): void {
  const trainable = [...people.values()].filter(({ length }) => length > 1).length;
  if (trainable > 1) return;
  throw new EvaluationError('PORTICO_EVALUATION_DATA', {
    message:
      trainable === 0
        ? `nobody of ${people.size} people has two pictures: learning who is alike needs two of the same person`
        : 'only one person has two pictures: learning who is not alike needs somebody else as well',
    remedy: 'Give a folder with one folder per person, and two pictures or more in at least two.',
  });
}
