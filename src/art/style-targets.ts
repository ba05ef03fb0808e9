import type { Graph } from '../graph/graph.ts';
import type { RunnableGraph } from './paint.ts';
import { type PaintingLayers, PIXELS, targetsGraph } from './painting-graph.ts';
import { type Picture, resizePicture, sizeWithin } from './picture.ts';
import type { StyleTarget } from './train-painter.ts';

export interface StyleTargetOptions {
  readonly backbone: Graph;
  readonly layers: PaintingLayers;
  /** Longer side at which the style is looked at. */
  readonly stylePx: number;
  readonly open: (graph: Graph) => Promise<RunnableGraph>;
}

/** The Gram matrices of a style, by layer. */
export async function styleTarget(
  style: Picture,
  { backbone, layers, stylePx, open }: StyleTargetOptions,
): Promise<StyleTarget> {
  const picture = resizePicture(style, sizeWithin(style, stylePx));
  const graph = await open(targetsGraph(backbone, layers, picture));
  try {
    const seen = await graph.run({ [PIXELS]: picture.planes });
    return new Map([...seen].filter(([name]) => name in layers.style));
  } finally {
    await graph.close();
  }
}
