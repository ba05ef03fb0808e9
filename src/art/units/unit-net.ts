import { gradientName } from '../../gradient/differentiate.ts';
import { gradients } from '../../gradient/gradients.ts';
import type { Graph } from '../../graph/graph.ts';
import { type GraphBuilder, graphBuilder } from '../../graph/graph-builder.ts';
import type { Value } from '../../graph/graph-core.ts';
import { graphFault } from '../../graph/graph-fault.ts';
import type { PictureSize } from '../painting-graph.ts';
import { type ReceptiveField, receptiveField } from './receptive-field.ts';

/** How a network wants its picture; see its manifest. */
export interface NetInput {
  readonly colourOrder: 'rgb' | 'bgr' | 'grey';
  /** Per channel, on the scale 0..255. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** A network up to one of its layers, with pictures of one size before it. */
export interface UnitNet {
  readonly network: Graph;
  readonly layer: string;
  readonly input: NetInput;
  readonly size: PictureSize;
}

/** Names of the graphs' inputs and outputs. */
export const UNIT_PORTS = {
  /** (1, 3, H, W) in [0, 1]. */
  pixels: 'pixels',
  /** (1, units, h, w). */
  features: 'features',
  /** Mean of one unit over all places. */
  response: 'response',
  gradient: gradientName('pixels'),
} as const;

export interface FeatureGraph {
  readonly graph: Graph;
  readonly field: ReceptiveField;
  readonly units: number;
  /** Places of a unit. */
  readonly places: PictureSize;
}

/** What every unit of the layer says to a picture. @throws PORTICO_GRAPH_INVALID without such a layer */
export function featureGraph(net: UnitNet): FeatureGraph {
  const g = graphBuilder('features');
  const { pixels, features } = embedded(g, net);
  g.output(UNIT_PORTS.features, features);
  const [, units = 0, heightPx = 1, widthPx = 1] = features.shape;
  const field = receptiveField(g.steps(), pixels.name, features.name);
  return { graph: g.build(), field, units, places: { widthPx, heightPx } };
}

/** The response of one unit, and its derivative by every pixel. */
export function responseGraph(net: UnitNet, unit: number): Graph {
  const g = graphBuilder('response');
  const { pixels, features } = embedded(g, net);
  const units = features.shape[1] ?? 0;
  if (unit >= units) graphFault(net.layer, 'Value', `has ${units} units, there is no unit ${unit}`);
  const map = g.slice(features, { axes: [1], starts: [unit], ends: [unit + 1] });
  const response = g.reduceMean(map, { axes: [0, 1, 2, 3] });
  const [gradient = pixels] = gradients(g, response, [pixels]);
  g.output(UNIT_PORTS.response, response);
  g.output(UNIT_PORTS.gradient, gradient);
  return g.build();
}

function embedded(g: GraphBuilder, { network, layer, input, size }: UnitNet) {
  const pixels = g.input(UNIT_PORTS.pixels, [1, 3, size.heightPx, size.widthPx]);
  const [picture] = network.inputs;
  const find = g.embed(network, {
    bindings: new Map([[picture?.name ?? '', prepared(g, pixels, input)]]),
    prefix: 'network/',
    upTo: [layer],
  });
  const features = find(layer);
  if (features.shape.length !== 4) {
    graphFault(layer, 'Value', 'has no units with places: choose an earlier layer');
  }
  return { pixels, features };
}

/** From [0, 1] in red, green, blue to what the network was trained on. */
function prepared(g: GraphBuilder, pixels: Value, { colourOrder, mean, std }: NetInput): Value {
  const channel = (index: number): Value =>
    g.slice(pixels, { axes: [1], starts: [index], ends: [index + 1] });
  const ordered = {
    rgb: () => pixels,
    bgr: () => g.concat([channel(2), channel(1), channel(0)], 1),
    grey: () => g.reduceMean(pixels, { axes: [1] }),
  }[colourOrder]();
  const scale = std.map((deviation) => 255 / deviation);
  const shift = mean.map((value, index) => -value / (std[index] ?? 1));
  const perChannel = (values: readonly number[]): Value =>
    g.constant([1, values.length, 1, 1], Float32Array.from(values));
  return g.add(g.mul(ordered, perChannel(scale)), perChannel(shift));
}
