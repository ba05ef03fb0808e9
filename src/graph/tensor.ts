/** Element types as ONNX names them; `float16` is held as raw bits. */
export type ElementType =
  | 'float32'
  | 'float64'
  | 'float16'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'int64'
  | 'bool';

/** Sizes in row-major order, outermost first; a scalar is `[]`. */
export type Shape = readonly number[];

export interface TensorType {
  readonly elementType: ElementType;
  readonly shape: Shape;
}

export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | BigInt64Array;

/** Row-major values; `data.length` equals the product of `shape`. */
export interface Tensor extends TensorType {
  readonly data: TensorData;
}

/** Number of elements of a shape; 1 for a scalar. */
export const elementCount = (shape: Shape): number =>
  shape.reduce((count, size) => count * size, 1);

export const sameShape = (left: Shape, right: Shape): boolean =>
  left.length === right.length && left.every((size, axis) => size === right[axis]);

/** For messages: `float32[1,3,256,256]`. */
export const describeType = (type: TensorType): string =>
  `${type.elementType}[${type.shape.join(',')}]`;

/** The element type a typed array stands for when nothing else is said. */
export function elementTypeOf(data: TensorData): ElementType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Float64Array) return 'float64';
  if (data instanceof BigInt64Array) return 'int64';
  if (data instanceof Int32Array) return 'int32';
  if (data instanceof Int16Array) return 'int16';
  if (data instanceof Uint16Array) return 'uint16';
  if (data instanceof Int8Array) return 'int8';
  return 'uint8';
}
