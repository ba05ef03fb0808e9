import type { Value } from '../../graph/graph-core.ts';
import type { OperatorCall } from '../../graph/rules/operator-call.ts';
import type { Shape } from '../../graph/tensor.ts';
import type {
  BackwardStep,
  DifferentiableOperator,
  DifferentiableOperators,
} from '../differentiable-operator.ts';
import { at, generate } from '../nd-array.ts';

interface Cut {
  readonly axis: number;
  /** Where the first element lies in the input. */
  readonly start: number;
  readonly count: number;
  readonly step: number;
}

/** What a Slice takes, axis by axis, with numpy's clamping. */
function cutsOf(call: OperatorCall, output: Shape): readonly Cut[] {
  const input = call.operand(0);
  const starts = call.constantInts(1);
  const axes =
    call.optional(3) === undefined ? starts.map((_, axis) => axis) : call.constantInts(3);
  const steps = call.optional(4) === undefined ? starts.map(() => 1) : call.constantInts(4);
  return starts.map((named, index) => {
    const axis = call.axisOf(input, axes[index] ?? index);
    const size = call.sizeOf(input, axis);
    const step = steps[index] ?? 1;
    const from = named < 0 ? named + size : named;
    const start = Math.max(0, Math.min(from, step > 0 ? size : size - 1));
    return { axis, start, count: output[axis] ?? 0, step };
  });
}

/** The derivative of one cut: what was not taken has none. */
function uncut(step: BackwardStep, gradient: Value, cut: Cut): Value {
  const { g } = step;
  const { axis, count } = cut;
  const stride = Math.abs(cut.step);
  const size = step.input(0).shape[axis] ?? 1;
  const forwards =
    cut.step > 0
      ? gradient
      : g.slice(gradient, { axes: [axis], starts: [-1], ends: [-count - 1], steps: [-1] });
  const first = cut.step > 0 ? cut.start : cut.start - (count - 1) * stride;
  const spread = stride === 1 ? forwards : interleaved(step, forwards, axis, stride);
  const length = spread.shape[axis] ?? 0;
  const pads = gradient.shape.map(() => 0);
  const after = pads.map((_, each) => (each === axis ? size - first - length : 0));
  pads[axis] = first;
  return g.pad(spread, { pads: [...pads, ...after] });
}

/** `stride - 1` zeros after every element along an axis. */
function interleaved({ g }: BackwardStep, x: Value, axis: number, stride: number): Value {
  const { shape } = x;
  const apart = g.reshape(x, [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)]);
  const none = apart.shape.map(() => 0);
  const after = none.map((_, each) => (each === axis + 1 ? stride - 1 : 0));
  const padded = g.pad(apart, { pads: [...none, ...after] });
  return g.reshape(
    padded,
    shape.map((size, each) => (each === axis ? size * stride : size)),
  );
}

const slice: DifferentiableOperator = {
  forward: ({ inputs: [x], outputs: [output], call }) => {
    if (x === undefined || output === undefined) return [];
    const cuts = cutsOf(call, output.shape);
    return [
      generate(output.shape, (index) => {
        const from = [...index];
        for (const { axis, start, step } of cuts) from[axis] = start + (index[axis] ?? 0) * step;
        return at(x, from);
      }),
    ];
  },
  backward: (step) => {
    if (!step.wants(0)) return [undefined];
    const cuts = cutsOf(step.call, step.output().shape);
    return [cuts.reduce((gradient, cut) => uncut(step, gradient, cut), step.gradient)];
  },
};

/** Where along an axis a padded element comes from; undefined where it is filled in. */
function sourceOf(position: number, size: number, mode: string): number | undefined {
  if (position >= 0 && position < size) return position;
  switch (mode) {
    case 'constant':
      return undefined;
    case 'edge':
      return position < 0 ? 0 : size - 1;
    default:
      return position < 0 ? -position : 2 * (size - 1) - position;
  }
}

const pad: DifferentiableOperator = {
  forward: ({ inputs: [x], outputs: [output], call }) => {
    if (x === undefined || output === undefined) return [];
    const pads = call.constantInts(1);
    const mode = call.text('mode', 'constant');
    const fill = Number(call.optional(2)?.constant?.data[0] ?? 0);
    return [
      generate(output.shape, (index) => {
        const from: number[] = [];
        for (const [axis, position] of index.entries()) {
          const source = sourceOf(position - (pads[axis] ?? 0), x.shape[axis] ?? 1, mode);
          if (source === undefined) return fill;
          from.push(source);
        }
        return at(x, from);
      }),
    ];
  },
  backward: (step) => {
    const { g, call } = step;
    const mode = call.text('mode', 'constant');
    if (!['constant', 'edge', 'reflect'].includes(mode)) call.fail(`the mode ${mode} is not known`);
    const pads = call.constantInts(1);
    if (!step.wants(0)) return [undefined];
    if (mode === 'constant') return [g.pad(step.gradient, { pads: pads.map((size) => -size) })];
    const { shape } = step.input(0);
    return [
      shape.reduce((gradient, size, axis) => {
        const [before = 0, after = 0] = [pads[axis], pads[axis + shape.length]];
        return before === 0 && after === 0
          ? gradient
          : unpadded(step, gradient, { axis, size, before, after, mode });
      }, step.gradient),
    ];
  },
};

/** One axis of reflect or edge padding undone: the borders are added to where they came from. */
function unpadded(
  { g, call }: BackwardStep,
  gradient: Value,
  of: {
    readonly axis: number;
    readonly size: number;
    readonly before: number;
    readonly after: number;
    readonly mode: string;
  },
): Value {
  const { axis, size, before, after, mode } = of;
  if (before < 0 || after < 0) call.fail(`cropping by the mode ${mode} has no derivative here`);
  const none = gradient.shape.map(() => 0);
  const along = (value: number) => none.map((_, each) => (each === axis ? value : 0));
  /** A border, turned round and moved to where it was reflected from. */
  const border = (start: number, end: number, first: number): readonly Value[] => {
    if (start === end) return [];
    if (mode === 'edge') {
      const part = g.slice(gradient, { axes: [axis], starts: [start], ends: [end] });
      const sum = g.reduceSum(part, { axes: [axis], keep: true });
      const place = start === 0 ? 0 : size - 1;
      return [g.pad(sum, { pads: [...along(place), ...along(size - 1 - place)] })];
    }
    const turned = g.slice(gradient, {
      axes: [axis],
      starts: [end - 1],
      ends: [start === 0 ? -(before + size + after) - 1 : start - 1],
      steps: [-1],
    });
    return [g.pad(turned, { pads: [...along(first), ...along(size - first - (end - start))] })];
  };
  const centre = g.slice(gradient, { axes: [axis], starts: [before], ends: [before + size] });
  return g.sum([
    centre,
    ...border(0, before, 1),
    ...border(before + size, before + size + after, size - 1 - after),
  ]);
}

/** Operators that cut an array, or put a border round it. */
export const SLICING: DifferentiableOperators = { Slice: slice, Pad: pad };
