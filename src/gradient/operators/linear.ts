import type { GraphBuilder } from '../../graph/graph-builder.ts';
import type { Value } from '../../graph/graph-core.ts';
import type {
  DifferentiableOperator,
  DifferentiableOperators,
} from '../differentiable-operator.ts';
import { at, generate, type NdArray } from '../nd-array.ts';
import { sumTo } from '../sum-to.ts';

/** A vector on the left counts as a row, on the right as a column. */
const asRow = (x: NdArray): NdArray =>
  x.shape.length === 1 ? { shape: [1, ...x.shape], data: x.data } : x;
const asColumn = (x: NdArray): NdArray =>
  x.shape.length === 1 ? { shape: [...x.shape, 1], data: x.data } : x;

/** The last two axes exchanged. */
function transposed(g: GraphBuilder, x: Value): Value {
  const rank = x.shape.length;
  const order = x.shape.map((_, axis) => axis);
  return g.transpose(x, [...order.slice(0, -2), rank - 1, rank - 2]);
}

const matMul: DifferentiableOperator = {
  forward: ({ inputs: [left, right], outputs: [output] }) => {
    if (left === undefined || right === undefined || output === undefined) return [];
    const [rows, columns] = [asRow(left), asColumn(right)];
    const inner = rows.shape.at(-1) ?? 1;
    const [dropsRow, dropsColumn] = [rows !== left, columns !== right];
    return [
      generate(output.shape, (index) => {
        const full = [...index];
        if (dropsColumn) full.push(0);
        if (dropsRow) full.splice(full.length - 1, 0, 0);
        const batch = full.slice(0, -2);
        const [row = 0, column = 0] = full.slice(-2);
        let sum = 0;
        for (let k = 0; k < inner; k++) {
          sum += at(rows, [...batch, row, k]) * at(columns, [...batch, k, column]);
        }
        return sum;
      }),
    ];
  },
  backward: (step) => {
    const { g } = step;
    const [left, right] = [step.input(0), step.input(1)];
    const [leftRank, rightRank] = [left.shape.length, right.shape.length];
    const rows = leftRank === 1 ? g.reshape(left, [1, ...left.shape]) : left;
    const columns = rightRank === 1 ? g.reshape(right, [...right.shape, 1]) : right;
    const batch = step
      .output()
      .shape.slice(0, -2 + Number(leftRank === 1) + Number(rightRank === 1));
    const full = [
      ...(leftRank === 1 && rightRank === 1 ? [] : batch),
      rows.shape.at(-2) ?? 1,
      columns.shape.at(-1) ?? 1,
    ];
    const gradient = g.reshape(step.gradient, full);
    const back = (value: Value, to: Value, matrix: Value) =>
      to === matrix
        ? sumTo(g, value, to.shape)
        : g.reshape(sumTo(g, value, matrix.shape), to.shape);
    return [
      step.wants(0) ? back(g.matMul(gradient, transposed(g, columns)), left, rows) : undefined,
      step.wants(1) ? back(g.matMul(transposed(g, rows), gradient), right, columns) : undefined,
    ];
  },
};

const gemm: DifferentiableOperator = {
  forward: ({ inputs: [left, right, addend], outputs: [output], call }) => {
    if (left === undefined || right === undefined || output === undefined) return [];
    const [flipLeft, flipRight] = [call.int('transA', 0) === 1, call.int('transB', 0) === 1];
    const inner = left.shape[flipLeft ? 0 : 1] ?? 1;
    const [alpha, beta] = [call.float('alpha', 1), call.float('beta', 1)];
    return [
      generate(output.shape, (index) => {
        const [row = 0, column = 0] = index;
        let sum = 0;
        for (let k = 0; k < inner; k++) {
          sum +=
            at(left, flipLeft ? [k, row] : [row, k]) *
            at(right, flipRight ? [column, k] : [k, column]);
        }
        return alpha * sum + (addend === undefined ? 0 : beta * at(addend, index));
      }),
    ];
  },
  backward: (step) => {
    const { g, gradient, call } = step;
    const [left, right] = [step.input(0), step.input(1)];
    const [flipLeft, flipRight] = [call.int('transA', 0) === 1, call.int('transB', 0) === 1];
    const alpha = call.float('alpha', 1);
    const scaled = alpha === 1 ? gradient : g.mul(gradient, alpha);
    const byLeft = () =>
      flipLeft
        ? g.gemm(right, scaled, { transposeLeft: flipRight, transposeRight: true })
        : g.gemm(scaled, right, { transposeRight: !flipRight });
    const byRight = () =>
      flipRight
        ? g.gemm(scaled, left, { transposeLeft: true, transposeRight: flipLeft })
        : g.gemm(left, scaled, { transposeLeft: !flipLeft });
    const byAddend = () => {
      const beta = call.float('beta', 1);
      const summed = sumTo(g, gradient, step.input(2).shape);
      return beta === 1 ? summed : g.mul(summed, beta);
    };
    return [
      step.wants(0) ? byLeft() : undefined,
      step.wants(1) ? byRight() : undefined,
      step.wants(2) ? byAddend() : undefined,
    ];
  },
};

/** Matrix products. */
export const PRODUCTS: DifferentiableOperators = { MatMul: matMul, Gemm: gemm };
