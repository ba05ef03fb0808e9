import { elementCount, type Shape } from '../graph/tensor.ts';

/** Visits every line along one axis, as the offsets of its elements; the array is reused. */
export function eachLine(shape: Shape, axis: number, visit: (offsets: number[]) => void): void {
  const size = shape[axis] ?? 1;
  const inner = elementCount(shape.slice(axis + 1));
  const offsets = Array.from({ length: size }, () => 0);
  for (let outer = 0; outer < elementCount(shape.slice(0, axis)); outer++) {
    for (let within = 0; within < inner; within++) {
      for (let index = 0; index < size; index++) {
        offsets[index] = (outer * size + index) * inner + within;
      }
      visit(offsets);
    }
  }
}
