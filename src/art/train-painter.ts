import { gradientName } from '../gradient/differentiate.ts';
import type { Graph } from '../graph/graph.ts';
import { Adam, type AdamState } from '../numeric/optimisers/adam.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import type { RunnableGraph } from './paint.ts';
import {
  initialParameters,
  parameterSpecs,
  parameterViews,
  STYLE_TABLE,
} from './painter-design.ts';
import { drawCrops } from './training-crops.ts';
import { gramName, TRAINING, trainingGraph } from './training-graph.ts';
import type { TrainingPlan } from './training-plan.ts';

/** What the last step's learning rate is, as a share of the first one's. */
const LAST_RATE = 0.05;
/** Steps over which the learning rate rises, while Adam's moments are still guesses. */
const WARM_UP_STEPS = 50;

export interface TrainingCosts {
  readonly cost: number;
  readonly contentCost: number;
  readonly styleCost: number;
  readonly totalVariation: number;
  readonly steadinessCost: number;
}

export interface TrainingStep extends TrainingCosts {
  readonly step: number;
  readonly style: number;
  /** How much of the budget is used, in [0, 1]. */
  readonly share: number;
}

/** What must be kept so that training can go on later as if it had never stopped. */
export interface TrainingState {
  /** Steps done. */
  readonly step: number;
  readonly elapsedMs: number;
  /** All of them in one array, in the order of `parameterSpecs`. */
  readonly parameters: Float32Array;
  readonly adam: AdamState;
}

/** The Gram matrices of one style, by layer. */
export type StyleTarget = ReadonlyMap<string, Float32Array>;

export interface TrainingOptions {
  readonly plan: TrainingPlan;
  /** With `smoothStem`. */
  readonly backbone: Graph;
  readonly open: (graph: Graph) => Promise<RunnableGraph>;
  readonly photos: readonly RgbImage[];
  /** One per style of the design; those before the first trained one are not read. */
  readonly targets: readonly StyleTarget[];
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
  /** Parameters to begin with; absent: drawn by the seed. */
  readonly startFrom?: Float32Array;
  readonly resumeFrom?: TrainingState;
  /** After every step; `state` is valid until this returns. */
  readonly onStep?: (step: TrainingStep, state: () => TrainingState) => void | Promise<void>;
  /** Stops after the step in work. */
  readonly signal?: AbortSignal;
}

export interface Trained {
  readonly outcome: 'finished' | 'stopped';
  readonly state: TrainingState;
}

/**
 * Trains a painter: every step shows it crops of photographs, asks for one style, and moves the
 * parameters down the derivative of the cost.
 * @throws PORTICO_GRAPH_INVALID, PORTICO_MODEL_RUN when backbone and engine do not fit
 */
export async function trainPainter(options: TrainingOptions): Promise<Trained> {
  const { plan, signal } = options;
  const trained = trainedNames(plan);
  const graph = await options.open(trainingGraph({ ...plan, backbone: options.backbone, trained }));
  try {
    const descent = new Descent(options, trained, graph);
    let share = descent.share();
    while (share < 1 && signal?.aborted !== true) {
      const step = await descent.next(share);
      await options.onStep?.(step, () => descent.state());
      share = descent.share();
    }
    return { outcome: share < 1 ? 'stopped' : 'finished', state: descent.state() };
  } finally {
    await graph.close();
  }
}

/** All parameters, or the table of styles alone where others are to stay as they are. */
const trainedNames = ({ design, firstTrainedStyle }: TrainingPlan): readonly string[] =>
  firstTrainedStyle === 0 ? parameterSpecs(design).map(({ name }) => name) : [STYLE_TABLE];

class Descent {
  readonly #options: TrainingOptions;
  readonly #graph: RunnableGraph;
  readonly #parameters: Float32Array;
  readonly #feeds: Readonly<Record<string, Float32Array>>;
  /** The derivative by all parameters; those that are not trained stay at zero. */
  readonly #gradient: Float32Array;
  readonly #gradientParts: ReadonlyMap<string, Float32Array>;
  readonly #adam: Adam;
  readonly #styleWeights: Float32Array;
  readonly #startedMs: number;
  #step: number;

  constructor(options: TrainingOptions, trained: readonly string[], graph: RunnableGraph) {
    const { plan, resumeFrom, startFrom } = options;
    const { design, learningRate, seed } = plan;
    this.#options = options;
    this.#graph = graph;
    this.#parameters =
      resumeFrom?.parameters.slice() ?? startFrom?.slice() ?? initialParameters(design, seed);
    this.#feeds = Object.fromEntries(parameterViews(design, this.#parameters));
    this.#gradient = new Float32Array(this.#parameters.length);
    const parts = parameterViews(design, this.#gradient);
    this.#gradientParts = new Map([...parts].filter(([name]) => trained.includes(name)));
    this.#adam = new Adam({ learningRate });
    if (resumeFrom !== undefined) this.#adam.restore(resumeFrom.adam);
    this.#styleWeights = new Float32Array(design.styles);
    this.#startedMs = options.now() - (resumeFrom?.elapsedMs ?? 0);
    this.#step = resumeFrom?.step ?? 0;
  }

  /** How much of the budget of steps, or of time, is used. */
  share(): number {
    const { steps, limitMs } = this.#options.plan;
    const ofTime = limitMs === undefined ? 0 : this.#elapsedMs() / limitMs;
    return Math.min(1, Math.max(this.#step / steps, ofTime));
  }

  async next(share: number): Promise<TrainingStep> {
    const { plan, photos, targets } = this.#options;
    const { firstTrainedStyle, design, layers } = plan;
    const style = firstTrainedStyle + (this.#step % (design.styles - firstTrainedStyle));
    const { pictures, rows, columns } = drawCrops(photos, this.#step, plan);
    this.#styleWeights.fill(0);
    this.#styleWeights[style] = 1;
    const grams = Object.keys(layers.style).map((layer) => [
      gramName(layer),
      targets[style]?.get(layer) ?? new Float32Array(),
    ]);
    const results = await this.#graph.run({
      ...this.#feeds,
      ...Object.fromEntries(grams),
      [TRAINING.pictures]: pictures,
      [TRAINING.styleWeights]: this.#styleWeights,
      [TRAINING.rows]: rows,
      [TRAINING.columns]: columns,
    });
    for (const [name, part] of this.#gradientParts) {
      const derivative = results.get(gradientName(name));
      if (derivative !== undefined) part.set(derivative);
    }
    this.#adam.learningRate = this.#rate(share);
    this.#adam.step(this.#parameters, this.#gradient);
    this.#step += 1;
    return { ...costsOf(results), step: this.#step, style, share };
  }

  state(): TrainingState {
    return {
      step: this.#step,
      elapsedMs: this.#elapsedMs(),
      parameters: this.#parameters,
      adam: this.#adam.state,
    };
  }

  #elapsedMs(): number {
    return this.#options.now() - this.#startedMs;
  }

  /** Rises at first, then falls along half a cosine. */
  #rate(share: number): number {
    const { learningRate } = this.#options.plan;
    const rise = Math.min(1, (this.#step + 1) / WARM_UP_STEPS);
    const fall = LAST_RATE + ((1 - LAST_RATE) * (1 + Math.cos(Math.PI * share))) / 2;
    return learningRate * rise * fall;
  }
}

function costsOf(results: ReadonlyMap<string, Float32Array>): TrainingCosts {
  const number = (name: string) => results.get(name)?.[0] ?? Number.NaN;
  return {
    cost: number(TRAINING.cost),
    contentCost: number(TRAINING.content),
    styleCost: number(TRAINING.style),
    totalVariation: number(TRAINING.totalVariation),
    steadinessCost: number(TRAINING.steadiness),
  };
}
