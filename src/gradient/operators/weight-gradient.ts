import type { GraphBuilder } from '../../graph/graph-builder.ts';
import type { Value } from '../../graph/graph-core.ts';
import { elementCount, type Shape } from '../../graph/tensor.ts';
import { indicesOf } from '../nd-array.ts';
import { type Convolution, convolutionNode } from './convolution-node.ts';

/**
 * Fewer channels than these make matrices too thin to be fast: with 48 channels the products take a
 * third of the convolution's time, with 3 three times as long.
 */
const LEAST_CHANNELS = 8;

/**
 * The derivative of a convolution by its weights: each weight joins the signal with the image as
 * it lies under that tap of the kernel.
 * @param image (N, C, ...), the larger of the two
 * @param signal (N, M, ...), the derivative by what the convolution gave
 */
export function weightGradient(
  g: GraphBuilder,
  image: Value,
  signal: Value,
  of: Convolution & { readonly weights: Shape },
): Value {
  const fills = of.group === 1 && (of.weights[1] ?? 1) >= LEAST_CHANNELS;
  return fills ? byMatrixProducts(g, image, signal, of) : byConvolution(g, image, signal, of);
}

/** One matrix product per tap, over all places of all images at once. */
function byMatrixProducts(
  g: GraphBuilder,
  image: Value,
  signal: Value,
  { window, weights }: Convolution & { readonly weights: Shape },
): Value {
  const [filters = 1, channels = 1, ...kernel] = weights;
  const steps = signal.shape.slice(2);
  const places = (signal.shape[0] ?? 1) * elementCount(steps);
  const foremost = (x: Value) =>
    g.transpose(x, [1, 0, ...x.shape.slice(2).map((_, axis) => axis + 2)]);
  const signals = g.reshape(foremost(signal), [filters, places]);
  const rank = kernel.length;
  const pads = [0, 0, ...window.pads.slice(0, rank), 0, 0, ...window.pads.slice(rank)];
  const bare = foremost(image);
  const images = pads.every((pad) => pad === 0) ? bare : g.pad(bare, { pads });
  const axes = kernel.map((_, axis) => axis + 2);
  const products = [...indicesOf(kernel)].map(() => images);
  let tap = 0;
  for (const index of indicesOf(kernel)) {
    const starts = index.map((position, axis) => position * (window.dilations[axis] ?? 1));
    const ends = starts.map(
      (start, axis) => start + ((steps[axis] ?? 1) - 1) * (window.strides[axis] ?? 1) + 1,
    );
    const under = g.slice(images, { axes, starts, ends, steps: window.strides });
    const rows = g.reshape(under, [channels, places]);
    products[tap++] = g.reshape(g.gemm(signals, rows, { transposeRight: true }), [
      filters,
      channels,
      1,
    ]);
  }
  return g.reshape(
    products.length === 1 ? (products[0] ?? signal) : g.concat(products, 2),
    weights,
  );
}
/** A convolution in which batch and channels have changed places, stride and dilation too. */
function byConvolution(
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
