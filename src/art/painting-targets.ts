import type { Graph } from '../graph/graph.ts';
import { greyOf, matchBrightness } from './keep-colours.ts';
import type { PaintLevel, PaintRequest } from './paint-request.ts';
import {
  CONTENT_TARGET,
  type PaintingLayers,
  PIXELS,
  styleTargetName,
  targetsGraph,
} from './painting-graph.ts';
import { type Picture, padByReflection, resizePicture, sizeWithin } from './picture.ts';

/** Content and styles as they are shown to the backbone at one size. */
export interface PreparedPictures {
  readonly content: Picture;
  readonly styles: readonly Picture[];
}

/** What the generated picture is held against. */
export interface Targets {
  readonly content: Picture;
  readonly firstStyle: Picture;
  readonly feeds: Readonly<Record<string, Float32Array>>;
}

interface Runner {
  readonly backbone: Graph;
  readonly open: (graph: Graph) => Promise<{
    run(feeds: Readonly<Record<string, Float32Array>>): Promise<ReadonlyMap<string, Float32Array>>;
    close(): Promise<void>;
  }>;
}

/** The pictures of a request at one size: the content with its border, grey where colours stay. */
export function preparedPictures(request: PaintRequest, level: PaintLevel): PreparedPictures {
  const { settings, styles } = request;
  const resized = resizePicture(request.content, sizeWithin(request.content, level.longSidePx));
  const content = settings.keepColours ? greyOf(resized) : resized;
  return {
    content: padByReflection(content, settings.borderPx),
    styles: styles.map(({ picture }) => {
      const longSidePx = Math.round(level.longSidePx * settings.styleScale);
      const style = resizePicture(picture, sizeWithin(picture, longSidePx));
      return settings.keepColours ? matchBrightness(greyOf(style), content) : style;
    }),
  };
}

/** Runs content and styles through the backbone once. */
export async function levelTargets(
  { content, styles }: PreparedPictures,
  runner: Runner,
  layers: PaintingLayers,
): Promise<Targets> {
  const feeds: Record<string, Float32Array> = {};
  const seen = await look(content, runner, layers);
  const target = seen.get(CONTENT_TARGET);
  if (target !== undefined) feeds[CONTENT_TARGET] = target;
  for (const [index, style] of styles.entries()) {
    const grams = await look(style, runner, layers);
    for (const layer of Object.keys(layers.style)) {
      const gram = grams.get(layer);
      if (gram !== undefined) feeds[styleTargetName(index, layer)] = gram;
    }
  }
  return { content, firstStyle: styles[0] ?? content, feeds };
}

async function look(picture: Picture, { backbone, open }: Runner, layers: PaintingLayers) {
  const graph = await open(targetsGraph(backbone, layers, picture));
  try {
    return await graph.run({ [PIXELS]: picture.planes });
  } finally {
    await graph.close();
  }
}
