import { elementTypeOfCode } from '../element-type-codes.ts';
import { describeType, type Shape, type TensorType } from '../tensor.ts';
import type { OperatorCall, ShapeRule, ShapeRules } from './operator-call.ts';

/** The numpy broadcast of two shapes, or a fault. */
export function broadcastShapes(call: OperatorCall, left: Shape, right: Shape): Shape {
  const rank = Math.max(left.length, right.length);
  return Array.from({ length: rank }, (_, axis) => {
    const a = left[axis - (rank - left.length)] ?? 1;
    const b = right[axis - (rank - right.length)] ?? 1;
    call.check(
      a === b || a === 1 || b === 1,
      `[${left.join(',')}] and [${right.join(',')}] do not broadcast`,
    );
    return a === 1 ? b : a;
  });
}

function broadcastAll(call: OperatorCall, operands: readonly TensorType[]): TensorType {
  const [first, ...rest] = operands;
  if (first === undefined) return call.fail('needs at least one input');
  return rest.reduce((left, right) => {
    call.check(
      left.elementType === right.elementType,
      `element types differ: ${describeType(left)} and ${describeType(right)}`,
    );
    return {
      elementType: left.elementType,
      shape: broadcastShapes(call, left.shape, right.shape),
    };
  }, first);
}

const keepsType: ShapeRule = (call) => {
  const { elementType, shape } = call.operand(0);
  return [{ elementType, shape }];
};

const broadcasts: ShapeRule = (call) => [broadcastAll(call, call.operands())];

const compares: ShapeRule = (call) => [
  { elementType: 'bool', shape: broadcastAll(call, call.operands()).shape },
];

const where: ShapeRule = (call) => {
  call.check(call.operand(0).elementType === 'bool', 'the condition must be bool');
  const chosen = broadcastAll(call, [call.operand(1), call.operand(2)]);
  const shape = broadcastShapes(call, call.operand(0).shape, chosen.shape);
  return [{ elementType: chosen.elementType, shape }];
};

const pRelu: ShapeRule = (call) => {
  const [input, slope] = [call.operand(0), call.operand(1)];
  const shape = broadcastShapes(call, input.shape, slope.shape);
  call.check(
    shape.length === input.shape.length && shape.every((size, axis) => size === input.shape[axis]),
    `the slope ${describeType(slope)} must broadcast to ${describeType(input)}`,
  );
  return [{ elementType: input.elementType, shape }];
};

const cast: ShapeRule = (call) => {
  const code = call.int('to', 0);
  const elementType = elementTypeOfCode(code) ?? call.fail(`cannot cast to type number ${code}`);
  return [{ elementType, shape: call.operand(0).shape }];
};

const all = (names: readonly string[], rule: ShapeRule): ShapeRules =>
  Object.fromEntries(names.map((name) => [name, rule]));

const UNARY =
  'Abs Ceil Clip Cos Dropout Elu Erf Exp Floor Gelu HardSigmoid HardSwish Identity LeakyRelu Log LogSoftmax LpNormalization Neg Not Reciprocal Relu Round Selu Sigmoid Sign Sin Softmax Softplus Softsign Sqrt Tanh';

export const ELEMENTWISE_RULES: ShapeRules = {
  ...all(UNARY.split(' '), keepsType),
  ...all(['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Min', 'Max', 'Sum', 'Mean', 'And', 'Or'], broadcasts),
  ...all(['Equal', 'Less', 'Greater', 'LessOrEqual', 'GreaterOrEqual'], compares),
  Where: where,
  PRelu: pRelu,
  Cast: cast,
};
