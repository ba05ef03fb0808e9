import { elementCount, type Shape } from '../graph/tensor.ts';

/** Row-major values in double precision: what the reference computes with. */
export interface NdArray {
  readonly shape: Shape;
  readonly data: Float64Array;
}

export const zeros = (shape: Shape): NdArray => ({
  shape,
  data: new Float64Array(elementCount(shape)),
});

/** Every index of a shape in row-major order; the array given out is reused. */
export function* indicesOf(shape: Shape): Generator<number[]> {
  const index = shape.map(() => 0);
  for (let count = elementCount(shape); count > 0; count--) {
    yield index;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      index[axis] = next < (shape[axis] ?? 1) ? next : 0;
      if (next < (shape[axis] ?? 1)) break;
    }
  }
}

/** Distance of neighbours along each axis. */
export const stridesOf = (shape: Shape): readonly number[] =>
  shape.map((_, axis) => elementCount(shape.slice(axis + 1)));

/** The element at an index; axes of size 1 and missing leading axes broadcast. */
export function at({ shape, data }: NdArray, index: readonly number[]): number {
  const skipped = index.length - shape.length;
  let offset = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis] ?? 1;
    offset = offset * size + (size === 1 ? 0 : (index[axis + skipped] ?? 0));
  }
  return data[offset] ?? Number.NaN;
}

/** An array filled from the index of each element. */
export function generate(shape: Shape, value: (index: readonly number[]) => number): NdArray {
  const result = zeros(shape);
  let offset = 0;
  for (const index of indicesOf(shape)) result.data[offset++] = value(index);
  return result;
}
