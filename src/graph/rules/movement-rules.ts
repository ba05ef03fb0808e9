import { describeType, elementCount, type Shape, sameShape } from '../tensor.ts';
import { broadcastShapes } from './elementwise-rules.ts';
import type { OperatorCall, ShapeRule, ShapeRules } from './operator-call.ts';

const reshape: ShapeRule = (call) => {
  const input = call.operand(0);
  const wanted = call.constantInts(1);
  const copied = wanted.map((size, axis) => (size === 0 ? call.sizeOf(input, axis) : size));
  const count = elementCount(input.shape);
  const known = elementCount(copied.filter((size) => size !== -1));
  const shape = copied.map((size) => (size === -1 ? count / known : size));
  call.check(
    elementCount(shape) === count && shape.every(Number.isInteger),
    `${describeType(input)} cannot become [${wanted.join(',')}]`,
  );
  return [{ elementType: input.elementType, shape }];
};

const flatten: ShapeRule = (call) => {
  const { shape, elementType } = call.operand(0);
  const axis = call.int('axis', 1);
  const split = axis < 0 ? axis + shape.length : axis;
  return [
    { elementType, shape: [elementCount(shape.slice(0, split)), elementCount(shape.slice(split))] },
  ];
};

const transpose: ShapeRule = (call) => {
  const input = call.operand(0);
  const order = call.ints('perm') ?? input.shape.map((_, axis) => input.shape.length - 1 - axis);
  call.check(
    order.length === input.shape.length && new Set(order).size === order.length,
    `perm [${order.join(',')}] does not reorder ${describeType(input)}`,
  );
  return [
    {
      elementType: input.elementType,
      shape: order.map((axis) => call.sizeOf(input, call.axisOf(input, axis))),
    },
  ];
};

const squeeze: ShapeRule = (call) => {
  const input = call.operand(0);
  const named = call.intsFromInputOrAttribute(1, 'axes');
  const gone = new Set(named?.map((axis) => call.axisOf(input, axis)));
  const shape = input.shape.filter((size, axis) => {
    const dropped = named === undefined ? size === 1 : gone.has(axis);
    call.check(!dropped || size === 1, `axis ${axis} of ${describeType(input)} is not 1`);
    return !dropped;
  });
  return [{ elementType: input.elementType, shape }];
};

const unsqueeze: ShapeRule = (call) => {
  const input = call.operand(0);
  const axes = call.intsFromInputOrAttribute(1, 'axes') ?? call.fail('axes are missing');
  const rank = input.shape.length + axes.length;
  const added = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  call.check(added.size === axes.length, 'axes are named twice');
  const rest = [...input.shape];
  const shape = Array.from({ length: rank }, (_, axis) =>
    added.has(axis) ? 1 : (rest.shift() ?? call.fail('axes are out of range')),
  );
  return [{ elementType: input.elementType, shape }];
};

const concat: ShapeRule = (call) => {
  const operands = call.operands();
  const first = call.operand(0);
  const chosen = call.axisOf(first, call.int('axis', 0));
  for (const operand of operands) {
    const fits =
      operand.elementType === first.elementType &&
      operand.shape.length === first.shape.length &&
      operand.shape.every((size, axis) => axis === chosen || size === first.shape[axis]);
    call.check(fits, `${describeType(operand)} does not join ${describeType(first)}`);
  }
  const total = operands.reduce((sum, operand) => sum + call.sizeOf(operand, chosen), 0);
  const shape = first.shape.map((size, axis) => (axis === chosen ? total : size));
  return [{ elementType: first.elementType, shape }];
};

const split: ShapeRule = (call) => {
  const input = call.operand(0);
  const chosen = call.axisOf(input, call.int('axis', 0));
  const size = call.sizeOf(input, chosen);
  const even = Array.from({ length: call.outputCount }, () => size / call.outputCount);
  const parts = call.intsFromInputOrAttribute(1, 'split') ?? even;
  call.check(
    parts.length === call.outputCount &&
      parts.every(Number.isInteger) &&
      parts.reduce((sum, part) => sum + part, 0) === size,
    `${size} cannot be split into [${parts.join(',')}]`,
  );
  return parts.map((part) => ({
    elementType: input.elementType,
    shape: input.shape.map((whole, axis) => (axis === chosen ? part : whole)),
  }));
};

/** Length of one axis after `start:end:step`, with numpy's clamping. */
function slicedSize(size: number, start: number, end: number, step: number): number {
  const from = start < 0 ? start + size : start;
  const to = end < 0 ? end + size : end;
  const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
  if (step > 0) return Math.max(0, Math.ceil((clamp(to, 0, size) - clamp(from, 0, size)) / step));
  return Math.max(0, Math.ceil((clamp(to, -1, size - 1) - clamp(from, -1, size - 1)) / step));
}

const slice: ShapeRule = (call) => {
  const input = call.operand(0);
  const starts = call.intsFromInputOrAttribute(1, 'starts') ?? call.fail('starts are missing');
  const ends = call.intsFromInputOrAttribute(2, 'ends') ?? call.fail('ends are missing');
  const axes = call.intsFromInputOrAttribute(3, 'axes') ?? starts.map((_, axis) => axis);
  const steps = call.optional(4) === undefined ? starts.map(() => 1) : call.constantInts(4);
  call.check(
    ends.length === starts.length && axes.length === starts.length && !steps.includes(0),
    'starts, ends, axes and steps do not belong together',
  );
  const shape = [...input.shape];
  axes.forEach((named, index) => {
    const axis = call.axisOf(input, named);
    const size = call.sizeOf(input, axis);
    shape[axis] = slicedSize(size, starts[index] ?? 0, ends[index] ?? 0, steps[index] ?? 1);
  });
  return [{ elementType: input.elementType, shape }];
};

const pad: ShapeRule = (call) => {
  const input = call.operand(0);
  const rank = input.shape.length;
  const pads = call.intsFromInputOrAttribute(1, 'pads') ?? call.fail('pads are missing');
  call.check(pads.length === 2 * rank, `pads must hold ${2 * rank} integers`);
  const shape = input.shape.map(
    (size, axis) => size + (pads[axis] ?? 0) + (pads[axis + rank] ?? 0),
  );
  call.check(
    shape.every((size) => size > 0),
    'nothing is left after (negative) padding',
  );
  return [{ elementType: input.elementType, shape }];
};

const resize: ShapeRule = (call) => {
  const input = call.operand(0);
  const sizes = call.optional(3) === undefined ? undefined : call.constantInts(3);
  const scales = call.optional(2)?.constant?.data;
  const shape =
    sizes ??
    input.shape.map((size, axis) =>
      Math.floor(size * Number(scales?.[axis] ?? call.fail('needs constant scales or sizes'))),
    );
  call.check(shape.length === input.shape.length, 'scales or sizes must name every axis');
  return [{ elementType: input.elementType, shape }];
};

const expand: ShapeRule = (call) => {
  const input = call.operand(0);
  const shape = broadcastShapes(call, input.shape, call.constantInts(1));
  return [{ elementType: input.elementType, shape }];
};

const tile: ShapeRule = (call) => {
  const input = call.operand(0);
  const repeats = call.constantInts(1);
  call.check(repeats.length === input.shape.length, 'repeats must name every axis');
  const shape = input.shape.map((size, axis) => size * (repeats[axis] ?? 1));
  return [{ elementType: input.elementType, shape }];
};

const gather: ShapeRule = (call) => {
  const [input, indices] = [call.operand(0), call.operand(1)];
  const axis = call.axisOf(input, call.int('axis', 0));
  const shape = [...input.shape.slice(0, axis), ...indices.shape, ...input.shape.slice(axis + 1)];
  return [{ elementType: input.elementType, shape }];
};

const gatherElements: ShapeRule = (call) => [
  { elementType: call.operand(0).elementType, shape: call.operand(1).shape },
];

const scatterElements: ShapeRule = (call) => {
  const [target, indices, updates] = [call.operand(0), call.operand(1), call.operand(2)];
  call.check(
    sameShape(indices.shape, updates.shape) && indices.shape.length === target.shape.length,
    `indices ${describeType(indices)} and updates ${describeType(updates)} do not match`,
  );
  return [{ elementType: target.elementType, shape: target.shape }];
};

const constantOfShape: ShapeRule = (call) => [
  { elementType: 'float32', shape: constantShape(call) },
];
const constantShape = (call: OperatorCall): Shape => call.constantInts(0);

const constant: ShapeRule = (call) => {
  const { elementType, shape } = call.tensor('value');
  return [{ elementType, shape }];
};

const shapeOf: ShapeRule = (call) => [
  { elementType: 'int64', shape: [call.operand(0).shape.length] },
];

export const MOVEMENT_RULES: ShapeRules = {
  Reshape: reshape,
  Flatten: flatten,
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Concat: concat,
  Split: split,
  Slice: slice,
  Pad: pad,
  Resize: resize,
  Expand: expand,
  Tile: tile,
  Gather: gather,
  GatherElements: gatherElements,
  ScatterElements: scatterElements,
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Shape: shapeOf,
};
