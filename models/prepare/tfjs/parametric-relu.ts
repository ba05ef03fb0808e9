import type { GraphBuilder } from '../../../src/graph/graph-builder.ts';
import type { Value } from '../../../src/graph/graph-core.ts';

/**
 * x where x >= 0, slope * x elsewhere, per channel, written as `slope x + (1 - slope) relu(x)`
 * with each product a depthwise 1 x 1 convolution.
 *
 * ONNX Runtime keeps convolutions in a blocked layout and leaves it for every PRelu; written so,
 * the whole network stays in it. Measured on two cores: facemesh 1.6 → 0.9 ms, iris 2.3 → 1.0 ms.
 * @param x (N, C, H, W)
 * @param slope (C)
 */
export function parametricRelu(g: GraphBuilder, x: Value, slope: Float32Array): Value {
  const perChannel = (data: Float32Array) => g.constant([slope.length, 1, 1, 1], data);
  const group = slope.length;
  const everywhere = g.conv(x, { weights: perChannel(slope), group });
  const rest = perChannel(slope.map((value) => 1 - value));
  return g.add(everywhere, g.conv(g.relu(x), { weights: rest, group }));
}
