import { decodeGraph } from '../graph/decode-graph.ts';
import { encodeGraph } from '../graph/encode-graph.ts';
import type { Graph } from '../graph/graph.ts';
import { graphBuilder } from '../graph/graph-builder.ts';
import type { Value } from '../graph/graph-core.ts';
import { graphFault } from '../graph/graph-fault.ts';
import { type PainterStyle, readPainterFiles } from '../inference/painter-file.ts';
import { fromHalfFloats, toHalfFloats } from '../numeric/half-floats.ts';
import {
  type PainterDesign,
  parameterCount,
  parameterSpecs,
  parameterViews,
} from './painter-design.ts';
import { painterNet } from './painter-net.ts';
import type { PictureSize } from './painting-graph.ts';

/** A painter that has been trained. */
export interface PainterModel {
  readonly design: PainterDesign;
  /** One per row of the design's table. */
  readonly styles: readonly PainterStyle[];
  /** All in one array, in the order of `parameterSpecs`. */
  readonly parameters: Float32Array;
}

/** Names of the net's inputs and output. */
export const PAINTER_PORTS = {
  /** (1, 3, H, W) in [0, 1]. */
  pixels: 'pixels',
  /** (1, styles). */
  styleWeights: 'style-weights',
  /** (1, 3, H, W) in (0, 1). */
  painted: 'painted',
} as const;

/** The size that the file states; another one is stated when the net is built for it. */
const FILE_SIZE: PictureSize = { widthPx: 256, heightPx: 256 };

/**
 * @param folder holds `painter.json` and `painter.onnx`
 * @throws PORTICO_MODEL_MISSING, PORTICO_MODEL_MANIFEST, PORTICO_MODEL_INTEGRITY
 * @throws PORTICO_GRAPH_INVALID when the weights are not of the design that is stated
 */
export function readPainter(folder: string): PainterModel {
  const { description, onnx } = readPainterFiles(folder);
  const { styles } = description;
  const design = { ...description.design, styles: styles.length };
  const { initialisers } = decodeGraph(onnx, folder);
  const parameters = new Float32Array(parameterCount(design));
  for (const [name, part] of parameterViews(design, parameters)) {
    const data = initialisers.get(name)?.data;
    const values = data instanceof Uint16Array ? fromHalfFloats(data) : undefined;
    if (values?.length !== part.length) graphFault(name, 'Constant', `does not fit in ${folder}`);
    part.set(values ?? []);
  }
  return { design, styles, parameters };
}

/** The bytes of `painter.onnx`: a net of the stated size, its weights in half precision. */
export function encodePainter(model: Omit<PainterModel, 'styles'>): Uint8Array {
  return encodeGraph(painterGraph(model, FILE_SIZE));
}

/** The net for pictures of one size; inputs and outputs are {@link PAINTER_PORTS}. */
export function painterGraph(
  { design, parameters }: Omit<PainterModel, 'styles'>,
  { widthPx, heightPx }: PictureSize,
): Graph {
  const g = graphBuilder('painter');
  const pixels = g.input(PAINTER_PORTS.pixels, [1, 3, heightPx, widthPx]);
  const styleWeights = g.input(PAINTER_PORTS.styleWeights, [1, design.styles]);
  const views = parameterViews(design, parameters);
  const values = new Map(
    parameterSpecs(design).map(({ name, shape }): [string, Value] => {
      const data = toHalfFloats(views.get(name) ?? new Float32Array());
      return [name, g.cast(g.store(name, { elementType: 'float16', shape, data }), 'float32')];
    }),
  );
  const parameter = (name: string): Value => values.get(name) ?? pixels;
  g.output(PAINTER_PORTS.painted, painterNet(g, { pixels, styleWeights, parameter }, design));
  return g.build();
}
