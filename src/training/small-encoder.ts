import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Value } from '../graph/graph-core.ts';
import { elementCount, type Shape } from '../graph/tensor.ts';
import { normalDraw, type RandomSource, seededRandom } from '../numeric/random.ts';
import type { Parameter, Tower, Weights } from './tower.ts';

/** Sides of the aligned face that the small encoder looks at. */
export const SMALL_FACE_PX = 48;
const DIMENSION = 64;
/** Channels after each halving of the picture: 48, 24, 12, 6, 3 pixels wide. */
const WIDTHS = [16, 32, 64, 96] as const;
const COLOURS = 3;
const SEED = 1;

/**
 * A convolutional encoder small enough to be trained on two cores in minutes: four blocks of a 3x3
 * convolution over all channels, instance normalisation, ReLU and a halving, then one vector of 64.
 * Instance normalisation, because it needs no statistics of a batch: what is trained is what runs.
 */
export function smallEncoder(): Tower {
  const random = seededRandom(SEED);
  const parameters: Parameter[] = [];
  let channels: number = COLOURS;
  for (const [block, width] of WIDTHS.entries()) {
    parameters.push(
      drawn(`conv${block}`, [width, channels, 3, 3], channels * 9, random),
      filled(`scale${block}`, [width], 1),
      filled(`shift${block}`, [width], 0),
    );
    channels = width;
  }
  const cells = channels * (SMALL_FACE_PX / 2 ** WIDTHS.length) ** 2;
  parameters.push(drawn('out', [cells, DIMENSION], cells, random));
  return {
    name: 'small-encoder',
    inputShape: [COLOURS, SMALL_FACE_PX, SMALL_FACE_PX],
    parameters,
    build: (g, x, weights) => built(g, x, weights, cells),
  };
}

function built(g: GraphBuilder, x: Value, weights: Weights, cells: number): Value {
  let features = x;
  for (const block of WIDTHS.keys()) {
    features = g.conv(features, { weights: weights(`conv${block}`), pads: [1, 1, 1, 1] });
    features = g.instanceNormalization(
      features,
      weights(`scale${block}`),
      weights(`shift${block}`),
    );
    features = g.maxPool(g.relu(features), { kernel: 2, stride: 2 });
  }
  const flat = g.reshape(features, [features.shape[0] ?? 1, cells]);
  return g.lpNormalization(g.matMul(flat, weights('out')), 1);
}

const filled = (name: string, shape: Shape, value: number): Parameter => ({
  name,
  shape,
  initial: new Float32Array(elementCount(shape)).fill(value),
});

/** Source of the spread: He et al. 2015, eq. 10 */
function drawn(name: string, shape: Shape, fanIn: number, random: RandomSource): Parameter {
  const spread = Math.sqrt(2 / fanIn);
  const initial = Float32Array.from(
    { length: elementCount(shape) },
    () => spread * normalDraw(random),
  );
  return { name, shape, initial };
}
