import type { GraphBuilder } from '../../graph/graph-builder.ts';
import type { Value } from '../../graph/graph-core.ts';

/**
 * How restless a picture is: the mean squared difference of neighbours, across plus down.
 * @param pixels (1, 3, H, W), at least 2 x 2
 * @returns scalar >= 0, in squared units of the pixels
 */
export function totalVariation(g: GraphBuilder, pixels: Value): Value {
  const along = (axis: number) => {
    const size = pixels.shape[axis] ?? 1;
    const [later, earlier] = [
      g.slice(pixels, { axes: [axis], starts: [1], ends: [size] }),
      g.slice(pixels, { axes: [axis], starts: [0], ends: [size - 1] }),
    ];
    const step = g.sub(later, earlier);
    return g.reduceMean(g.mul(step, step), { axes: [0, 1, 2, 3] });
  };
  return g.add(along(2), along(3));
}
