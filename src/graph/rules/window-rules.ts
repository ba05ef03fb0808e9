import { describeType, type Shape } from '../tensor.ts';
import type { OperatorCall, ShapeRule, ShapeRules } from './operator-call.ts';

/** Where the windows of a convolution or a pooling lie; `auto_pad` is resolved. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Begin of every spatial axis, then end of every spatial axis. */
  readonly pads: readonly number[];
}

function listOf(call: OperatorCall, name: string, length: number, whenAbsent: number) {
  const values = call.ints(name) ?? Array.from({ length }, () => whenAbsent);
  call.check(values.length === length, `${name} must hold ${length} integers`);
  return values;
}

/** @throws PORTICO_GRAPH_INVALID when an attribute has the wrong length */
export function windowOf(call: OperatorCall, kernel: readonly number[], spatial: Shape): Window {
  const rank = kernel.length;
  const strides = listOf(call, 'strides', rank, 1);
  const dilations = listOf(call, 'dilations', rank, 1);
  const automatic = call.text('auto_pad', 'NOTSET');
  if (automatic === 'NOTSET' || automatic === 'VALID') {
    return { kernel, strides, dilations, pads: listOf(call, 'pads', 2 * rank, 0) };
  }
  const totals = kernel.map((size, axis) => {
    const stride = strides[axis] ?? 1;
    const reach = (size - 1) * (dilations[axis] ?? 1) + 1;
    const input = spatial[axis] ?? 1;
    return Math.max(0, (Math.ceil(input / stride) - 1) * stride + reach - input);
  });
  const smaller = totals.map((total) => Math.floor(total / 2));
  const larger = totals.map((total, axis) => total - (smaller[axis] ?? 0));
  const pads = automatic === 'SAME_UPPER' ? [...smaller, ...larger] : [...larger, ...smaller];
  return { kernel, strides, dilations, pads };
}

function slide(call: OperatorCall, spatial: Shape, window: Window, ceilMode: boolean): Shape {
  const rank = window.kernel.length;
  return spatial.map((size, axis) => {
    const reach = ((window.kernel[axis] ?? 1) - 1) * (window.dilations[axis] ?? 1) + 1;
    const padded = size + (window.pads[axis] ?? 0) + (window.pads[axis + rank] ?? 0);
    call.check(padded >= reach, `a window of ${reach} does not fit into ${padded}`);
    const stride = window.strides[axis] ?? 1;
    const steps = (padded - reach) / stride;
    if (!ceilMode) return Math.floor(steps) + 1;
    // A last window that would begin in the padding behind the image is left out.
    const last = Math.ceil(steps);
    return last * stride < size + (window.pads[axis] ?? 0) ? last + 1 : last;
  });
}

function imageOf(call: OperatorCall) {
  const input = call.operand(0);
  call.check(
    input.shape.length >= 3,
    `needs batch, channels and space, got ${describeType(input)}`,
  );
  const [batch = 0, channels = 0, ...spatial] = input.shape;
  return { elementType: input.elementType, batch, channels, spatial };
}

function checkBias(call: OperatorCall, channels: number): void {
  const bias = call.optional(2);
  if (bias === undefined) return;
  call.check(
    bias.shape.length === 1 && bias.shape[0] === channels,
    `the bias must be [${channels}], it is ${describeType(bias)}`,
  );
}

const conv: ShapeRule = (call) => {
  const { elementType, batch, channels, spatial } = imageOf(call);
  const weights = call.ranked(1, spatial.length + 2);
  const [filters = 0, perGroup = 0, ...kernel] = weights.shape;
  const group = call.int('group', 1);
  call.check(
    perGroup * group === channels && filters % group === 0,
    `weights ${describeType(weights)} in ${group} group(s) do not fit ${channels} channels`,
  );
  checkBias(call, filters);
  const output = slide(call, spatial, windowOf(call, kernel, spatial), false);
  return [{ elementType, shape: [batch, filters, ...output] }];
};

const convTranspose: ShapeRule = (call) => {
  const { elementType, batch, channels, spatial } = imageOf(call);
  const weights = call.ranked(1, spatial.length + 2);
  const [incoming = 0, perGroup = 0, ...kernel] = weights.shape;
  call.check(
    incoming === channels,
    `weights ${describeType(weights)} do not fit ${channels} channels`,
  );
  const filters = perGroup * call.int('group', 1);
  checkBias(call, filters);
  const rank = kernel.length;
  const window = windowOf(call, kernel, spatial);
  const extra = listOf(call, 'output_padding', rank, 0);
  const output = spatial.map((size, axis) => {
    const reach = ((kernel[axis] ?? 1) - 1) * (window.dilations[axis] ?? 1) + 1;
    const trimmed = (window.pads[axis] ?? 0) + (window.pads[axis + rank] ?? 0);
    return (size - 1) * (window.strides[axis] ?? 1) + reach + (extra[axis] ?? 0) - trimmed;
  });
  return [{ elementType, shape: [batch, filters, ...output] }];
};

const pool: ShapeRule = (call) => {
  const { elementType, batch, channels, spatial } = imageOf(call);
  const kernel = call.ints('kernel_shape') ?? call.fail('kernel_shape is missing');
  call.check(kernel.length === spatial.length, `kernel_shape must hold ${spatial.length} integers`);
  const window = windowOf(call, kernel, spatial);
  const shape = [batch, channels, ...slide(call, spatial, window, call.int('ceil_mode', 0) === 1)];
  const pooled = { elementType, shape };
  // MaxPool's second output: where each maximum stood, as an index into the flattened input.
  return call.outputCount > 1 ? [pooled, { elementType: 'int64', shape }] : [pooled];
};

const globalPool: ShapeRule = (call) => {
  const { elementType, batch, channels, spatial } = imageOf(call);
  return [{ elementType, shape: [batch, channels, ...spatial.map(() => 1)] }];
};

/** Scale, bias (and mean, variance): one number per channel each. */
const perChannel: ShapeRule = (call) => {
  const { elementType, channels } = imageOf(call);
  for (let index = 1; index < call.inputCount; index++) {
    const parameter = call.operand(index);
    call.check(
      parameter.shape.length === 1 && parameter.shape[0] === channels,
      `input ${index} must be [${channels}], it is ${describeType(parameter)}`,
    );
  }
  return [{ elementType, shape: call.operand(0).shape }];
};

/** Batch normalisation also occurs after a dense layer, where the input is (N, C). */
const batchNormalization: ShapeRule = (call) => {
  const input = call.operand(0);
  const channels = call.sizeOf(input, 1);
  for (let index = 1; index < 5; index++) {
    const parameter = call.ranked(index, 1);
    call.check(parameter.shape[0] === channels, `input ${index} must be [${channels}]`);
  }
  return [{ elementType: input.elementType, shape: input.shape }];
};

export const WINDOW_RULES: ShapeRules = {
  Conv: conv,
  ConvTranspose: convTranspose,
  MaxPool: pool,
  AveragePool: pool,
  LpPool: pool,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
  InstanceNormalization: perChannel,
  BatchNormalization: batchNormalization,
};
