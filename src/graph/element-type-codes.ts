import type { ElementType } from './tensor.ts';

/** Numbers of the element types in ONNX files. Source: onnx.proto, TensorProto.DataType */
export const ELEMENT_TYPE_CODES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
} as const satisfies Record<ElementType, number>;

const BY_CODE: ReadonlyMap<number, ElementType> = new Map([
  [1, 'float32'],
  [2, 'uint8'],
  [3, 'int8'],
  [4, 'uint16'],
  [5, 'int16'],
  [6, 'int32'],
  [7, 'int64'],
  [9, 'bool'],
  [10, 'float16'],
  [11, 'float64'],
]);

/** The element type of an ONNX number; undefined for those that Portico does not use. */
export const elementTypeOfCode = (code: number): ElementType | undefined => BY_CODE.get(code);
