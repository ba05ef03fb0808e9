import { ELEMENT_TYPE_CODES } from '../element-type-codes.ts';
import { floatAttribute, intAttribute } from '../graph.ts';
import type { GraphCore, Term, Value } from '../graph-core.ts';
import type { ElementType } from '../tensor.ts';

/** Elementwise operators; a number operand is a scalar, shapes broadcast as in numpy. */
export function arithmetic(core: GraphCore) {
  const unary =
    (operator: string) =>
    (x: Value, name?: string): Value =>
      core.node(operator, [x], name === undefined ? {} : { name });
  const binary =
    (operator: string) =>
    (left: Term, right: Term, name?: string): Value => {
      const elementType = typeOfTerms(left, right);
      const operands = [core.lift(left, elementType), core.lift(right, elementType)];
      return core.node(operator, operands, name === undefined ? {} : { name });
    };
  const bound = (x: Value, limit: number | undefined) =>
    limit === undefined ? undefined : core.scalar(limit, x.elementType);
  return {
    add: binary('Add'),
    sub: binary('Sub'),
    mul: binary('Mul'),
    div: binary('Div'),
    pow: binary('Pow'),
    min: binary('Min'),
    max: binary('Max'),
    less: binary('Less'),
    greater: binary('Greater'),
    equal: binary('Equal'),
    /** The sum of any number of values that broadcast together. */
    sum: (values: readonly Value[]): Value => core.node('Sum', values),
    relu: unary('Relu'),
    sigmoid: unary('Sigmoid'),
    tanh: unary('Tanh'),
    softplus: unary('Softplus'),
    exp: unary('Exp'),
    log: unary('Log'),
    sqrt: unary('Sqrt'),
    abs: unary('Abs'),
    neg: unary('Neg'),
    sign: unary('Sign'),
    identity: unary('Identity'),
    reciprocal: unary('Reciprocal'),
    /** Divides by the Euclidean (or absolute) norm along an axis; a zero vector gives no number. */
    lpNormalization: (x: Value, axis = -1, p: 1 | 2 = 2): Value =>
      core.node('LpNormalization', [x], {
        attributes: { axis: intAttribute(axis), p: intAttribute(p) },
      }),
    /** Limits to [low, high], either of which may be absent; `clip(x, 0, 6)` is ReLU6. */
    clip: (x: Value, low: number | undefined, high: number | undefined): Value =>
      core.node('Clip', [x, bound(x, low), bound(x, high)]),
    leakyRelu: (x: Value, alpha: number): Value =>
      core.node('LeakyRelu', [x], { attributes: { alpha: floatAttribute(alpha) } }),
    /** x where x >= 0, slope * x elsewhere; the slope must broadcast to x. */
    pRelu: (x: Value, slope: Value): Value => core.node('PRelu', [x, slope]),
    softmax: (x: Value, axis = -1): Value =>
      core.node('Softmax', [x], { attributes: { axis: intAttribute(axis) } }),
    where: (condition: Value, whenTrue: Term, whenFalse: Term): Value => {
      const elementType = typeOfTerms(whenTrue, whenFalse);
      const branches = [core.lift(whenTrue, elementType), core.lift(whenFalse, elementType)];
      return core.node('Where', [condition, ...branches]);
    },
    cast: (x: Value, to: ElementType): Value =>
      core.node('Cast', [x], { attributes: { to: intAttribute(ELEMENT_TYPE_CODES[to]) } }),
  };
}

function typeOfTerms(left: Term, right: Term): ElementType {
  if (typeof left !== 'number') return left.elementType;
  return typeof right === 'number' ? 'float32' : right.elementType;
}
