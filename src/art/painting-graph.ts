import { contentCost } from '../gradient/costs/content-cost.ts';
import { gramMatrix } from '../gradient/costs/gram-matrix.ts';
import { styleCost } from '../gradient/costs/style-cost.ts';
import { totalVariation } from '../gradient/costs/total-variation.ts';
import { gradientName } from '../gradient/differentiate.ts';
import { gradients } from '../gradient/gradients.ts';
import type { Graph } from '../graph/graph.ts';
import { graphBuilder } from '../graph/graph-builder.ts';

/** Which layers of the backbone stand for content and style. */
export interface PaintingLayers {
  readonly content: string;
  /** Layer → share of it in the style cost. */
  readonly style: Readonly<Record<string, number>>;
}

/** What the costs count. */
export interface PaintingWeights {
  /** The paper's alpha. */
  readonly content: number;
  /** The paper's beta. */
  readonly style: number;
  readonly totalVariation: number;
}

export interface PictureSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The layers of the style backbone, chosen by looking at pictures. */
export const BACKBONE_LAYERS: PaintingLayers = {
  content: 'activation_5',
  style: { activation_1: 1, activation_3: 1, activation_5: 1, mixed0: 1, mixed2: 1 },
};

/** Names of the graphs' inputs and outputs. */
export const PIXELS = 'pixels';
export const CONTENT_TARGET = 'content-target';
export const styleTargetName = (style: number, layer: string): string => `style-${style}:${layer}`;
export const OUTPUTS = {
  cost: 'cost',
  content: 'content-cost',
  style: 'style-cost',
  totalVariation: 'total-variation',
  gradient: gradientName(PIXELS),
} as const;

/**
 * What a picture looks like to the backbone: the content features under {@link CONTENT_TARGET},
 * and the Gram matrix of each style layer under the layer's name.
 */
export function targetsGraph(backbone: Graph, layers: PaintingLayers, size: PictureSize): Graph {
  const g = graphBuilder('targets');
  const pixels = g.input(PIXELS, [1, 3, size.heightPx, size.widthPx]);
  const find = embedded(g, backbone, layers, pixels);
  g.output(CONTENT_TARGET, find(layers.content));
  for (const layer of Object.keys(layers.style)) g.output(layer, gramMatrix(g, find(layer)));
  return g.build();
}

/**
 * The cost of a picture and its derivative by every pixel, in one graph:
 * J = content * J_content + style * J_style + totalVariation * TV.
 * @param styleShares share of each of the styles that are blended
 * @returns inputs: the pixels (1, 3, H, W) in [0, 1], and the targets; outputs: {@link OUTPUTS}
 */
export function paintingGraph(
  backbone: Graph,
  layers: PaintingLayers,
  size: PictureSize,
  { weights, styleShares }: { weights: PaintingWeights; styleShares: readonly number[] },
): Graph {
  const g = graphBuilder('painting');
  const pixels = g.input(PIXELS, [1, 3, size.heightPx, size.widthPx]);
  const find = embedded(g, backbone, layers, pixels);
  const generated = find(layers.content);
  const content = contentCost(g, g.input(CONTENT_TARGET, generated.shape), generated);
  const style = styleCost(
    g,
    styleShares.flatMap((share, index) =>
      Object.entries(layers.style).map(([layer, weight]) => {
        const features = find(layer);
        const channels = features.shape[1] ?? 1;
        const target = g.input(styleTargetName(index, layer), [1, channels, channels]);
        return { style: target, generated: features, weight: share * weight };
      }),
    ),
  );
  const variation = totalVariation(g, pixels);
  const cost = g.sum([
    g.mul(content, weights.content),
    g.mul(style, weights.style),
    g.mul(variation, weights.totalVariation),
  ]);
  const [gradient = pixels] = gradients(g, cost, [pixels]);
  g.output(OUTPUTS.cost, cost);
  g.output(OUTPUTS.content, content);
  g.output(OUTPUTS.style, style);
  g.output(OUTPUTS.totalVariation, variation);
  g.output(OUTPUTS.gradient, gradient);
  return g.build();
}

function embedded(
  g: ReturnType<typeof graphBuilder>,
  backbone: Graph,
  layers: PaintingLayers,
  pixels: ReturnType<typeof g.input>,
) {
  const [input] = backbone.inputs;
  return g.embed(backbone, {
    bindings: new Map([[input?.name ?? '', pixels]]),
    prefix: 'backbone/',
    upTo: [layers.content, ...Object.keys(layers.style)],
  });
}
