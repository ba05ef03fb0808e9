import type { GraphBuilder } from '../../../src/graph/graph-builder.ts';
import type { Value } from '../../../src/graph/graph-core.ts';
import { elementCount, type Shape } from '../../../src/graph/tensor.ts';

/**
 * A value of the TensorFlow graph and how it lies in the ONNX graph. Images stay channels-first
 * from input to output, so that no transpose stands between two convolutions:
 * - `plain`: as in TensorFlow;
 * - `channels-first`: TensorFlow's (N, H, W, C) held as (N, C, H, W);
 * - `flattened`: TensorFlow's (N, H*W*C) held as (N, C*H*W); `image` is (C, H, W). The dense
 *   layer that follows permutes its weights instead.
 */
export type Laid =
  | { readonly layout: 'plain'; readonly value: Value }
  | { readonly layout: 'channels-first'; readonly value: Value }
  | { readonly layout: 'flattened'; readonly value: Value; readonly image: Shape };

export const plain = (value: Value): Laid => ({ layout: 'plain', value });
export const channelsFirst = (value: Value): Laid => ({ layout: 'channels-first', value });

/** The shape that TensorFlow sees. */
export function tensorflowShape({ layout, value }: Laid): Shape {
  if (layout !== 'channels-first') return value.shape;
  const [batch = 1, channels = 1, height = 1, width = 1] = value.shape;
  return [batch, height, width, channels];
}

/** The value with its elements in TensorFlow's order; moves data only when it must. */
export function asPlain(g: GraphBuilder, laid: Laid): Value {
  switch (laid.layout) {
    case 'plain':
      return laid.value;
    case 'channels-first': {
      const shape = tensorflowShape(laid);
      // A 1 x 1 image has the same order of elements either way.
      return shape[1] === 1 && shape[2] === 1
        ? g.reshape(laid.value, shape)
        : g.transpose(laid.value, [0, 2, 3, 1]);
    }
    case 'flattened': {
      const [batch = 1] = laid.value.shape;
      const image = g.reshape(laid.value, [batch, ...laid.image]);
      const moved = g.transpose(image, [0, 2, 3, 1]);
      return g.reshape(moved, [batch, elementCount(laid.image)]);
    }
  }
}

/** The image as (N, C, H, W). */
export const asChannelsFirst = (g: GraphBuilder, laid: Laid): Value =>
  laid.layout === 'channels-first' ? laid.value : g.transpose(asPlain(g, laid), [0, 3, 1, 2]);

/** Where each TensorFlow axis of an image lies when channels come first. */
const CHANNELS_FIRST_AXES = [0, 2, 3, 1] as const;
export const channelsFirstAxis = (axis: number): number =>
  CHANNELS_FIRST_AXES[axis < 0 ? axis + 4 : axis] ?? axis;

/** Values in a new order of axes. */
export function permute(data: Float32Array, shape: Shape, order: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
  const sizes = order.map((axis) => shape[axis] ?? 1);
  const steps = order.map((axis) => strides[axis] ?? 0);
  const index = sizes.map(() => 0);
  return Float32Array.from({ length: data.length }, () => {
    const from = index.reduce((sum, at, axis) => sum + at * (steps[axis] ?? 0), 0);
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      index[axis] = next < (sizes[axis] ?? 1) ? next : 0;
      if (next < (sizes[axis] ?? 1)) break;
    }
    return data[from] ?? 0;
  });
}
