import type { Graph } from '../graph/graph.ts';
import { Adam } from '../numeric/optimisers/adam.ts';
import { LBfgs } from '../numeric/optimisers/l-bfgs.ts';
import type { Optimiser } from '../numeric/optimisers/optimiser.ts';
import { seededRandom } from '../numeric/random.ts';
import { withColoursOf } from './keep-colours.ts';
import type { PaintLevel, PaintRequest, PaintSettings } from './paint-request.ts';
import { OUTPUTS, PIXELS, type PictureSize, paintingGraph } from './painting-graph.ts';
import { levelTargets, preparedPictures, type Targets } from './painting-targets.ts';
import {
  cropBorder,
  type Picture,
  padByReflection,
  resizePicture,
  resizePlanes,
} from './picture.ts';

/** Largest change of a colour in one step of L-BFGS, and the learning rate of Adam. */
const LBFGS_MAX_STEP = 0.1;
const ADAM_LEARNING_RATE = 0.02;

/** A graph that is ready to run, on whatever engine and provider. */
export interface RunnableGraph {
  run(feeds: Readonly<Record<string, Float32Array>>): Promise<ReadonlyMap<string, Float32Array>>;
  close(): Promise<void>;
}

export interface PaintCosts {
  readonly cost: number;
  readonly contentCost: number;
  readonly styleCost: number;
  readonly totalVariation: number;
}

/** One step of the descent: costs of the picture before it was changed. */
export interface PaintStep extends PaintCosts {
  readonly level: number;
  readonly step: number;
}

/** What must be kept so that painting can go on later. */
export interface PaintCheckpoint {
  readonly level: number;
  /** Steps done at this level. */
  readonly step: number;
  /** The picture in work, border included. */
  readonly picture: Picture;
  readonly curve: readonly PaintStep[];
}

export interface PaintOptions {
  /** With {@link smoothStem}; its first input is the picture. */
  readonly backbone: Graph;
  readonly open: (graph: Graph) => Promise<RunnableGraph>;
  /** After every step; `picture` makes a copy of what the painting looks like now. */
  readonly onStep?: (step: PaintStep, picture: () => Picture) => void | Promise<void>;
  /** Continues from here; the history of the optimiser begins anew. */
  readonly resumeFrom?: PaintCheckpoint;
  /** Every so many steps, and when painting is stopped. */
  readonly onCheckpoint?: (checkpoint: PaintCheckpoint) => Promise<void>;
  readonly checkpointEverySteps?: number;
  /** Stops after the step in work; the best picture so far is the result. */
  readonly signal?: AbortSignal;
}

export interface Painted {
  readonly outcome: 'finished' | 'stopped';
  readonly picture: Picture;
  readonly curve: readonly PaintStep[];
}

/**
 * Paints the content in the manner of the styles: descends from a first picture along the
 * derivative of J by the pixels, at one size after the other.
 * @throws PORTICO_GRAPH_INVALID, PORTICO_MODEL_RUN when backbone and engine do not fit
 * Source: Gatys et al. 2016, A Neural Algorithm of Artistic Style
 */
export async function paint(request: PaintRequest, options: PaintOptions): Promise<Painted> {
  const { settings } = request;
  const { resumeFrom, signal } = options;
  const curve: PaintStep[] = [...(resumeFrom?.curve ?? [])];
  let picture = resumeFrom?.picture;
  for (const [index, level] of settings.levels.entries()) {
    if (resumeFrom !== undefined && index < resumeFrom.level) continue;
    const resumes = resumeFrom?.level === index;
    const easel = await Easel.open(request, level, options);
    try {
      picture = await easel.descend({
        level: index,
        firstStep: resumes ? resumeFrom.step : 0,
        start: easel.fitted(picture) ?? easel.firstPicture(),
        curve,
      });
    } finally {
      await easel.close();
    }
    if (signal?.aborted === true)
      return { outcome: 'stopped', picture: finish(picture, request), curve };
  }
  const last = picture ?? padByReflection(request.content, settings.borderPx);
  return { outcome: 'finished', picture: finish(last, request), curve };
}

interface Descent {
  readonly level: number;
  readonly firstStep: number;
  readonly start: Picture;
  /** Grows by one entry per step. */
  readonly curve: PaintStep[];
}

/** Everything that stands ready to paint at one size. */
class Easel {
  readonly #request: PaintRequest;
  readonly #options: PaintOptions;
  readonly #steps: number;
  readonly #targets: Targets;
  readonly #graph: RunnableGraph;
  readonly #mask: Float32Array | undefined;

  private constructor(
    request: PaintRequest,
    options: PaintOptions,
    steps: number,
    ready: { targets: Targets; graph: RunnableGraph },
  ) {
    this.#request = request;
    this.#options = options;
    this.#steps = steps;
    this.#targets = ready.targets;
    this.#graph = ready.graph;
    this.#mask = maskAt(request, ready.targets.content);
  }

  static async open(
    request: PaintRequest,
    level: PaintLevel,
    options: PaintOptions,
  ): Promise<Easel> {
    const { settings, styles } = request;
    const targets = await levelTargets(preparedPictures(request, level), options, settings.layers);
    const total = styles.reduce((sum, { share }) => sum + share, 0);
    const graph = paintingGraph(options.backbone, settings.layers, targets.content, {
      weights: settings.weights,
      styleShares: styles.map(({ share }) => share / total),
    });
    const ready = { targets, graph: await options.open(graph) };
    return new Easel(request, options, level.steps, ready);
  }

  close(): Promise<void> {
    return this.#graph.close();
  }

  /** What another size has made, at this size. */
  fitted(picture: Picture | undefined): Picture | undefined {
    return picture === undefined ? undefined : resizePicture(picture, this.#targets.content);
  }

  firstPicture(): Picture {
    const { content, firstStyle } = this.#targets;
    const { start, seed } = this.#request.settings;
    switch (start) {
      case 'content':
        return { ...content, planes: content.planes.slice() };
      case 'style':
        return resizePicture(firstStyle, content);
      case 'noise': {
        const random = seededRandom(seed);
        return { ...content, planes: content.planes.map(() => random()) };
      }
    }
  }

  /** @returns the picture of the lowest cost on the way */
  async descend({ level, firstStep, start, curve }: Descent): Promise<Picture> {
    const { onStep, onCheckpoint, checkpointEverySteps = 20, signal } = this.#options;
    const optimiser = optimiserOf(this.#request.settings);
    const best = { cost: Number.POSITIVE_INFINITY, planes: start.planes.slice() };
    const pixels = start.planes;
    const now = (): Picture => ({ ...start, planes: pixels.slice() });
    const isStopped = (): boolean => signal?.aborted === true;
    for (let step = firstStep; step < this.#steps && !isStopped(); step++) {
      const results = await this.#graph.run({ ...this.#targets.feeds, [PIXELS]: pixels });
      const costs = costsOf(results);
      if (costs.cost < best.cost) {
        best.cost = costs.cost;
        best.planes.set(pixels);
      }
      const done = { level, step, ...costs };
      curve.push(done);
      this.#move(optimiser, pixels, results.get(OUTPUTS.gradient), costs.cost);
      await onStep?.(done, () => finish(now(), this.#request));
      if ((step + 1) % checkpointEverySteps === 0 || isStopped()) {
        await onCheckpoint?.({ level, step: step + 1, picture: now(), curve });
      }
    }
    return { ...start, planes: best.planes };
  }

  #move(
    optimiser: Optimiser,
    pixels: Float32Array,
    gradient: Float32Array | undefined,
    cost: number,
  ): void {
    if (gradient === undefined) return;
    const mask = this.#mask;
    const allowed =
      mask === undefined
        ? gradient
        : gradient.map((value, index) => value * (mask[index % mask.length] ?? 0));
    optimiser.step(pixels, allowed, cost);
    for (let index = 0; index < pixels.length; index++) {
      pixels[index] = Math.min(1, Math.max(0, pixels[index] ?? 0));
    }
  }
}

const costsOf = (results: ReadonlyMap<string, Float32Array>): PaintCosts => {
  const number = (name: string) => results.get(name)?.[0] ?? Number.NaN;
  return {
    cost: number(OUTPUTS.cost),
    contentCost: number(OUTPUTS.content),
    styleCost: number(OUTPUTS.style),
    totalVariation: number(OUTPUTS.totalVariation),
  };
};

function optimiserOf({ optimiser }: PaintSettings): Optimiser {
  switch (optimiser) {
    case 'l-bfgs':
      return new LBfgs({ maxStep: LBFGS_MAX_STEP });
    case 'adam':
      return new Adam({ learningRate: ADAM_LEARNING_RATE });
  }
}

/** The mask at the size in work, border included; undefined where everything is painted. */
function maskAt(
  { mask, content, settings }: PaintRequest,
  padded: PictureSize,
): Float32Array | undefined {
  if (mask === undefined) return undefined;
  const inner = cropped(padded, settings.borderPx);
  const plane = resizePlanes(mask, content, inner);
  const planes = Float32Array.from(
    { length: 3 * plane.length },
    (_, i) => plane[i % plane.length] ?? 0,
  );
  const wide = padByReflection({ ...inner, planes }, settings.borderPx);
  return wide.planes.subarray(0, wide.planes.length / 3);
}

const cropped = ({ widthPx, heightPx }: PictureSize, borderPx: number): PictureSize => ({
  widthPx: widthPx - 2 * borderPx,
  heightPx: heightPx - 2 * borderPx,
});

/** Border off, the content's colours back, and the content itself where the mask says so. */
function finish(painted: Picture, request: PaintRequest): Picture {
  const { content, mask, settings } = request;
  const inner = cropBorder(painted, settings.borderPx);
  const original = resizePicture(content, inner);
  const coloured = settings.keepColours ? withColoursOf(inner, original) : inner;
  if (mask === undefined) return coloured;
  const share = resizePlanes(mask, content, inner);
  const planes = coloured.planes.map((value, index) => {
    const weight = share[index % share.length] ?? 0;
    return weight * value + (1 - weight) * (original.planes[index] ?? 0);
  });
  return { ...coloured, planes };
}
