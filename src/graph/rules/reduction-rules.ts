import type { OperatorCall, ShapeRule, ShapeRules } from './operator-call.ts';

function reducedShape(call: OperatorCall, axes: readonly number[], keep: boolean) {
  const input = call.operand(0);
  const gone = new Set(axes.map((axis) => call.axisOf(input, axis)));
  return input.shape.flatMap((size, axis) => (gone.has(axis) ? (keep ? [1] : []) : [size]));
}

const reduce: ShapeRule = (call) => {
  const input = call.operand(0);
  const named = call.intsFromInputOrAttribute(1, 'axes') ?? [];
  const every = input.shape.map((_, axis) => axis);
  const nothingNamed = named.length === 0;
  if (nothingNamed && call.int('noop_with_empty_axes', 0) === 1) return [input];
  const shape = reducedShape(call, nothingNamed ? every : named, call.int('keepdims', 1) === 1);
  return [{ elementType: input.elementType, shape }];
};

const argument: ShapeRule = (call) => [
  {
    elementType: 'int64',
    shape: reducedShape(call, [call.int('axis', 0)], call.int('keepdims', 1) === 1),
  },
];

const topK: ShapeRule = (call) => {
  const input = call.operand(0);
  const chosen = call.axisOf(input, call.int('axis', -1));
  const [k = 0] = call.constantInts(1);
  const available = call.sizeOf(input, chosen);
  call.check(k >= 1 && k <= available, `cannot take the top ${k} of ${available}`);
  const shape = input.shape.map((size, axis) => (axis === chosen ? k : size));
  return [
    { elementType: input.elementType, shape },
    { elementType: 'int64', shape },
  ];
};

const REDUCTIONS = [
  'ReduceSum',
  'ReduceMean',
  'ReduceMax',
  'ReduceMin',
  'ReduceProd',
  'ReduceL1',
  'ReduceL2',
  'ReduceSumSquare',
  'ReduceLogSum',
  'ReduceLogSumExp',
];

export const REDUCTION_RULES: ShapeRules = {
  ...Object.fromEntries(REDUCTIONS.map((name) => [name, reduce])),
  ArgMax: argument,
  ArgMin: argument,
  TopK: topK,
};
