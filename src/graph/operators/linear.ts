import { intAttribute } from '../graph.ts';
import type { GraphCore, Value } from '../graph-core.ts';

export interface GemmOptions {
  readonly addend?: Value;
  readonly transposeLeft?: boolean;
  readonly transposeRight?: boolean;
}

export interface ReduceOptions {
  readonly axes: readonly number[];
  /** Keeps the reduced axes with size 1. */
  readonly keep?: boolean;
}

const flag = (value: boolean | undefined) => intAttribute(value === true ? 1 : 0);

/** Matrix products and reductions. */
export function linear(core: GraphCore) {
  const reduction =
    (operator: string) =>
    (x: Value, { axes, keep }: ReduceOptions): Value =>
      core.node(operator, [x, core.integers(axes)], { attributes: { keepdims: flag(keep) } });
  return {
    /** (..., M, K) times (..., K, N); leading axes broadcast. */
    matMul: (left: Value, right: Value): Value => core.node('MatMul', [left, right]),
    /** (M, K) times (K, N), plus an addend that broadcasts to (M, N). */
    gemm: (left: Value, right: Value, options: GemmOptions = {}): Value =>
      core.node('Gemm', [left, right, options.addend], {
        attributes: { transA: flag(options.transposeLeft), transB: flag(options.transposeRight) },
      }),
    reduceSum: reduction('ReduceSum'),
    reduceMean: reduction('ReduceMean'),
    reduceMax: reduction('ReduceMax'),
    reduceMin: reduction('ReduceMin'),
    reduceL2: reduction('ReduceL2'),
    reduceSumSquare: reduction('ReduceSumSquare'),
    /** The k largest values along an axis, in falling order, and their indices (int64). */
    topK: (x: Value, k: number, axis = -1): readonly Value[] =>
      core.apply('TopK', [x, core.integers([k])], {
        attributes: { axis: intAttribute(axis), largest: intAttribute(1), sorted: intAttribute(1) },
        outputs: 2,
      }),
    argMax: (x: Value, axis: number): Value =>
      core.node('ArgMax', [x], { attributes: { axis: intAttribute(axis), keepdims: flag(false) } }),
  };
}
