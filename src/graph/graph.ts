import type { ElementType, Tensor } from './tensor.ts';

/** A node attribute; ONNX keeps integers and floats apart, so we do too. */
export type Attribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'tensor'; readonly value: Tensor };

export type Attributes = Readonly<Record<string, Attribute>>;

export interface GraphNode {
  readonly name: string;
  readonly operator: string;
  /** '' is the standard ONNX operator set. */
  readonly domain: string;
  /** Value names in order; '' marks an optional input that is absent. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}

/** A size known when the graph is written, or the name of one that is not. */
export type Dimension = number | string;

export interface GraphValue {
  readonly name: string;
  readonly elementType: ElementType;
  readonly shape: readonly Dimension[];
}

/** An ONNX model as plain data: nodes in an order in which they can be run. */
export interface Graph {
  readonly name: string;
  readonly opset: number;
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  readonly nodes: readonly GraphNode[];
  readonly initialisers: ReadonlyMap<string, Tensor>;
}

export const intAttribute = (value: number): Attribute => ({ kind: 'int', value });
export const floatAttribute = (value: number): Attribute => ({ kind: 'float', value });
export const stringAttribute = (value: string): Attribute => ({ kind: 'string', value });
export const intsAttribute = (value: readonly number[]): Attribute => ({ kind: 'ints', value });
