import { contentCost } from '../gradient/costs/content-cost.ts';
import { styleCost } from '../gradient/costs/style-cost.ts';
import { totalVariation } from '../gradient/costs/total-variation.ts';
import { gradientName } from '../gradient/differentiate.ts';
import { gradients } from '../gradient/gradients.ts';
import type { Graph } from '../graph/graph.ts';
import { type GraphBuilder, graphBuilder } from '../graph/graph-builder.ts';
import type { Value } from '../graph/graph-core.ts';
import { type PainterDesign, parameterSpecs } from './painter-design.ts';
import { painterNet } from './painter-net.ts';
import type { PaintingLayers, PaintingWeights } from './painting-graph.ts';

export interface TrainingWeights extends PaintingWeights {
  /** How much a picture may differ from the same scene moved a little and with other noise. */
  readonly steadiness: number;
}

export interface TrainingGraphOptions {
  readonly backbone: Graph;
  readonly layers: PaintingLayers;
  readonly design: PainterDesign;
  readonly weights: TrainingWeights;
  /** Side of the square crops. */
  readonly cropPx: number;
  /** Scenes at a time; each is shown twice, the second time moved and with noise. */
  readonly pairs: number;
  /** Names of the parameters that are trained; the others stay as they are fed. */
  readonly trained: readonly string[];
}

/** Names of the graph's inputs and outputs beside the parameters and their derivatives. */
export const TRAINING = {
  pictures: 'pictures',
  styleWeights: 'style-weights',
  rows: 'moved-rows',
  columns: 'moved-columns',
  cost: 'cost',
  content: 'content-cost',
  style: 'style-cost',
  totalVariation: 'total-variation',
  steadiness: 'steadiness-cost',
} as const;
export const gramName = (layer: string): string => `gram:${layer}`;

/**
 * The cost of what a painter makes of a batch, and its derivative by the painter's parameters.
 * Inputs: pictures (2 pairs, 3, crop, crop): all first views, then all second ones; style weights
 * (1, styles); the Gram matrix (1, C, C) of each style layer; rows and columns (crop, crop), which
 * move the first views onto the second (see `motionMatrix`); every parameter.
 */
export function trainingGraph({
  backbone,
  layers,
  design,
  weights,
  cropPx,
  pairs,
  trained,
}: TrainingGraphOptions): Graph {
  const g = graphBuilder('training');
  const pixels = g.input(TRAINING.pictures, [2 * pairs, 3, cropPx, cropPx]);
  const styleWeights = g.input(TRAINING.styleWeights, [1, design.styles]);
  const parameters = new Map(
    parameterSpecs(design).map(({ name, shape }) => [name, g.input(name, shape)]),
  );
  const parameter = (name: string): Value => parameters.get(name) ?? pixels;
  const painted = painterNet(g, { pixels, styleWeights, parameter }, design);
  const [input] = backbone.inputs;
  const seen = (picture: Value, prefix: string, upTo: readonly string[]) =>
    g.embed(backbone, { bindings: new Map([[input?.name ?? '', picture]]), prefix, upTo });
  const styleLayers = Object.entries(layers.style);
  const generated = seen(painted, 'painted/', [layers.content, ...Object.keys(layers.style)]);
  const original = seen(pixels, 'original/', [layers.content]);
  const content = contentCost(g, original(layers.content), generated(layers.content));
  const style = styleCost(
    g,
    styleLayers.map(([layer, weight]) => {
      const features = generated(layer);
      const channels = features.shape[1] ?? 1;
      const target = g.input(gramName(layer), [1, channels, channels]);
      return { style: target, generated: features, weight };
    }),
  );
  const variation = totalVariation(g, painted);
  const steadiness = steadinessCost(g, painted, {
    rows: g.input(TRAINING.rows, [cropPx, cropPx]),
    columns: g.input(TRAINING.columns, [cropPx, cropPx]),
  });
  const cost = g.sum([
    g.mul(content, weights.content),
    g.mul(style, weights.style),
    g.mul(variation, weights.totalVariation),
    g.mul(steadiness, weights.steadiness),
  ]);
  const derivatives = gradients(g, cost, trained.map(parameter));
  trained.forEach((name, index) => {
    const derivative = derivatives[index];
    if (derivative !== undefined) g.output(gradientName(name), derivative);
  });
  g.output(TRAINING.cost, cost);
  g.output(TRAINING.content, content);
  g.output(TRAINING.style, style);
  g.output(TRAINING.totalVariation, variation);
  g.output(TRAINING.steadiness, steadiness);
  return g.build();
}

/**
 * The mean squared difference between the second views and the first ones moved onto them.
 * @param painted (2 pairs, 3, H, W)
 * @returns scalar >= 0, in squared units of the pixels
 * Source: the idea of Ruder et al. 2016, Artistic Style Transfer for Videos, eq. 7, with a motion
 *         that is known because the crops were moved by it
 */
function steadinessCost(
  g: GraphBuilder,
  painted: Value,
  { rows, columns }: { readonly rows: Value; readonly columns: Value },
): Value {
  const count = painted.shape[0] ?? 1;
  const half = (start: number) =>
    g.slice(painted, { axes: [0], starts: [start], ends: [start + count / 2] });
  const moved = (x: Value) => g.matMul(rows, g.matMul(x, columns));
  const [first, second] = [half(0), half(count / 2)];
  const covered = moved(g.expand(1, [1, 1, ...painted.shape.slice(2)]));
  const difference = g.sub(moved(first), g.mul(second, covered));
  return g.reduceMean(g.mul(difference, difference), { axes: [0, 1, 2, 3] });
}
