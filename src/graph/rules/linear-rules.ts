import { describeType } from '../tensor.ts';
import { broadcastShapes } from './elementwise-rules.ts';
import type { ShapeRule, ShapeRules } from './operator-call.ts';

const matMul: ShapeRule = (call) => {
  const [left, right] = [call.operand(0), call.operand(1)];
  call.check(left.elementType === right.elementType, 'the element types differ');
  call.check(left.shape.length >= 1 && right.shape.length >= 1, 'scalars cannot be multiplied so');
  // A vector on the left is a row, on the right a column; the axis it gains is dropped again.
  const rows = left.shape.length === 1 ? [1, ...left.shape] : left.shape;
  const columns = right.shape.length === 1 ? [...right.shape, 1] : right.shape;
  call.check(
    rows.at(-1) === columns.at(-2),
    `${describeType(left)} times ${describeType(right)}: the inner sizes differ`,
  );
  const batch = broadcastShapes(call, rows.slice(0, -2), columns.slice(0, -2));
  const shape = [
    ...batch,
    ...(left.shape.length === 1 ? [] : [rows.at(-2) ?? 1]),
    ...(right.shape.length === 1 ? [] : [columns.at(-1) ?? 1]),
  ];
  return [{ elementType: left.elementType, shape }];
};

const gemm: ShapeRule = (call) => {
  const [left, right] = [call.ranked(0, 2), call.ranked(1, 2)];
  const [a = 0, b = 0] = call.int('transA', 0) === 1 ? left.shape.toReversed() : left.shape;
  const [c = 0, d = 0] = call.int('transB', 0) === 1 ? right.shape.toReversed() : right.shape;
  call.check(
    b === c,
    `${describeType(left)} times ${describeType(right)}: the inner sizes ${b} and ${c} differ`,
  );
  const shape = [a, d];
  const addend = call.optional(2);
  if (addend !== undefined) {
    const broadcast = broadcastShapes(call, shape, addend.shape);
    call.check(
      broadcast[0] === a && broadcast[1] === d && broadcast.length === 2,
      `the addend ${describeType(addend)} does not broadcast to [${a},${d}]`,
    );
  }
  return [{ elementType: left.elementType, shape }];
};

export const LINEAR_RULES: ShapeRules = { MatMul: matMul, Gemm: gemm };
