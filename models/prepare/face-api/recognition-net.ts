import type { Graph } from '../../../src/graph/graph.ts';
import { type GraphBuilder, graphBuilder } from '../../../src/graph/graph-builder.ts';
import type { Value } from '../../../src/graph/graph-core.ts';
import type { Tensor } from '../../../src/graph/tensor.ts';
import { conversionFault } from '../conversion-fault.ts';
import { permute } from '../tfjs/layout.ts';

type Weights = ReadonlyMap<string, Tensor>;

/** The blocks between the first convolution and the mean; `down` halves the image. */
const BLOCKS = [
  ...['conv32_1', 'conv32_2', 'conv32_3'],
  ...['conv64_down', 'conv64_1', 'conv64_2', 'conv64_3'],
  ...['conv128_down', 'conv128_1', 'conv128_2'],
  ...['conv256_down', 'conv256_1', 'conv256_2', 'conv256_down_out'],
];

/**
 * The 128-d face encoder of face-api, a residual network that dlib trained: the weights file
 * holds no graph, so the graph is written here. The input is already normalised: the manifest
 * states how.
 * @param weights by name, as TensorFlow has them (HWIO)
 * @throws PORTICO_MODEL_CONVERT when a weight is missing
 * Source: D. King, dlib face_recognition_resnet_model_v1; structure as in face-api
 */
export function recognitionNet(weights: Weights, name: string): Graph {
  const g = graphBuilder(name);
  const net = new RecognitionNet(g, weights, name);
  const x = g.input('input', [1, 3, 150, 150]);
  const stem = g.relu(net.scaledConv(x, 'conv32_down', 2));
  const pooled = g.maxPool(stem, { kernel: 3, stride: 2 });
  const features = BLOCKS.reduce((image, block) => net.block(image, block), pooled);
  const mean = g.globalAveragePool(features);
  const [batch = 1, channels = 1] = mean.shape;
  const dense = net.floats('fc');
  const vector = g.reshape(mean, [batch, channels]);
  g.output('embedding', g.gemm(vector, g.constant(dense.shape, dense.data)));
  return g.build();
}

class RecognitionNet {
  readonly #g: GraphBuilder;
  readonly #weights: Weights;
  readonly #origin: string;

  constructor(g: GraphBuilder, weights: Weights, origin: string) {
    this.#g = g;
    this.#weights = weights;
    this.#origin = origin;
  }

  floats(name: string): { readonly shape: readonly number[]; readonly data: Float32Array } {
    const tensor = this.#weights.get(name);
    return tensor !== undefined && tensor.data instanceof Float32Array
      ? { shape: tensor.shape, data: tensor.data }
      : conversionFault(this.#origin, `the weights "${name}" are missing`);
  }

  /** A convolution and the per-channel scale and shift after it, as one convolution. */
  scaledConv(x: Value, name: string, stride: 1 | 2): Value {
    const { shape, data } = this.floats(`${name}/conv/filters`);
    const scale = this.floats(`${name}/scale/weights`).data;
    const shift = this.floats(`${name}/scale/biases`).data;
    const [h = 1, w = 1, i = 1, o = 1] = shape;
    const perFilter = h * w * i;
    const filters = permute(data, shape, [3, 2, 0, 1]).map(
      (weight, index) => weight * (scale[Math.floor(index / perFilter)] ?? 1),
    );
    const bias = this.floats(`${name}/conv/bias`).data.map(
      (value, filter) => value * (scale[filter] ?? 1) + (shift[filter] ?? 0),
    );
    return this.#g.conv(x, {
      weights: this.#g.constant([o, i, h, w], filters),
      bias: this.#g.constant([o], bias),
      stride,
      pads: stride === 2 ? [0, 0, 0, 0] : [1, 1, 1, 1],
    });
  }

  block(x: Value, name: string): Value {
    const g = this.#g;
    const halves = name.includes('_down');
    const first = g.relu(this.scaledConv(x, `${name}/conv1`, halves ? 2 : 1));
    const second = this.scaledConv(first, `${name}/conv2`, 1);
    if (!halves) return g.relu(g.add(second, x));
    const shortcut = g.averagePool(x, { kernel: 2, stride: 2 });
    const [widened, enlarged] = this.#matched(shortcut, second);
    return g.relu(g.add(widened, enlarged));
  }

  /**
   * Half the image with twice the channels: the shortcut gains channels of zeros, and the
   * convolved image, whose window did not reach the last row and column, gains those.
   */
  #matched(shortcut: Value, convolved: Value): readonly [Value, Value] {
    const [, channels = 0, height = 0, width = 0] = shortcut.shape;
    const [, moreChannels = 0, lessHeight = 0, lessWidth = 0] = convolved.shape;
    const grow = (x: Value, pads: readonly [number, number, number]) =>
      pads.some((pad) => pad > 0) ? this.#g.pad(x, { pads: [0, 0, 0, 0, 0, ...pads] }) : x;
    return [
      grow(shortcut, [moreChannels - channels, 0, 0]),
      grow(convolved, [0, height - lessHeight, width - lessWidth]),
    ];
  }
}
