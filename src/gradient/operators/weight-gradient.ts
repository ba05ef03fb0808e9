import type { GraphBuilder } from '../../graph/graph-builder.ts';
import type { Value } from '../../graph/graph-core.ts';
import type { Shape } from '../../graph/tensor.ts';
import { type Convolution, convolutionNode } from './convolution-node.ts';

/**
 * The derivative by the weights: the image convolved with the signal, batch and channels having
 * changed places, stride and dilation too.
 */
export function weightGradient(
  g: GraphBuilder,
  image: Value,
  signal: Value,
  of: Convolution & { readonly weights: Shape },
): Value {
  const { window, group, weights } = of;
  const [batch = 1, , ...space] = image.shape;
  const [, filters = 1] = signal.shape;
  const [, perGroup = 1, ...kernel] = weights;
  const spaceAxes = space.map((_, axis) => axis);
  const parted = g.reshape(image, [batch, group, perGroup, ...space]);
  const images = g.reshape(g.transpose(parted, [2, 1, 0, ...spaceAxes.map((axis) => axis + 3)]), [
    perGroup,
    group * batch,
    ...space,
  ]);
  const signals = g.transpose(signal, [1, 0, ...spaceAxes.map((axis) => axis + 2)]);
  const swapped = { strides: window.dilations, dilations: window.strides };
  const products = convolutionNode(g, 'Conv', [images, signals], { ...of, ...swapped });
  const axes = spaceAxes.map((axis) => axis + 2);
  // What a stride left over at the border gives windows that the kernel does not have.
  const within = products.shape.slice(2).every((size, axis) => size === kernel[axis])
    ? products
    : g.slice(products, { axes, starts: axes.map(() => 0), ends: kernel });
  return g.reshape(g.transpose(within, [1, 0, ...axes]), [filters, perGroup, ...kernel]);
}
