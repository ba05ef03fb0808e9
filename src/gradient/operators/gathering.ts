import type { OperatorCall } from '../../graph/rules/operator-call.ts';
import type {
  DifferentiableOperator,
  DifferentiableOperators,
} from '../differentiable-operator.ts';
import { at, generate, zeros } from '../nd-array.ts';

const axisOf = (call: OperatorCall): number => call.axisOf(call.operand(0), call.int('axis', 0));
const positive = (index: number, size: number): number => (index < 0 ? index + size : index);

const gather: DifferentiableOperator = {
  forward: ({ inputs: [x, indices], outputs: [output], call }) => {
    if (x === undefined || indices === undefined || output === undefined) return [];
    const axis = axisOf(call);
    const rank = indices.shape.length;
    return [
      generate(output.shape, (index) => {
        const chosen = at(indices, index.slice(axis, axis + rank));
        const place = positive(chosen, x.shape[axis] ?? 1);
        return at(x, [...index.slice(0, axis), place, ...index.slice(axis + rank)]);
      }),
    ];
  },
  backward: (step) => {
    if (!step.wants(0)) return [undefined];
    const { g } = step;
    const { shape } = step.input(0);
    const axis = axisOf(step.call);
    const indices = step.input(1);
    const count = indices.shape.reduce((product, size) => product * size, 1);
    const flat = shape.map((size, each) => (each === axis ? count : size));
    const alone = shape.map((_, each) => (each === axis ? count : 1));
    const places = g.apply('Expand', [
      g.reshape(g.cast(indices, 'int64'), alone),
      g.constant([flat.length], BigInt64Array.from(flat, BigInt)),
    ]);
    const gradient = g.reshape(step.gradient, flat);
    const [where = indices] = places;
    return [g.scatterAdd(g.expand(0, shape), where, gradient, axis)];
  },
};

const gatherElements: DifferentiableOperator = {
  forward: ({ inputs: [x, indices], call }) => {
    if (x === undefined || indices === undefined) return [];
    const axis = axisOf(call);
    return [
      generate(indices.shape, (index) => {
        const place = positive(at(indices, index), x.shape[axis] ?? 1);
        return at(
          x,
          index.map((position, each) => (each === axis ? place : position)),
        );
      }),
    ];
  },
  backward: (step) => {
    if (!step.wants(0)) return [undefined];
    const { g } = step;
    const none = g.expand(0, step.input(0).shape);
    return [g.scatterAdd(none, step.input(1), step.gradient, axisOf(step.call))];
  },
};

const topK: DifferentiableOperator = {
  forward: ({ inputs: [x], outputs, call }) => {
    if (x === undefined) return [];
    const axis = call.axisOf(call.operand(0), call.int('axis', -1));
    const sign = call.int('largest', 1) === 1 ? -1 : 1;
    const [values, places] = [zeros(outputs[0]?.shape ?? []), zeros(outputs[0]?.shape ?? [])];
    const size = x.shape[axis] ?? 1;
    const lineOf = (index: readonly number[]) =>
      Array.from({ length: size }, (_, position) => position).sort((left, right) => {
        const value = (position: number) =>
          at(
            x,
            index.map((other, each) => (each === axis ? position : other)),
          );
        return sign * (value(left) - value(right));
      });
    const ranked = generate(values.shape, (index) => lineOf(index)[index[axis] ?? 0] ?? 0);
    places.data.set(ranked.data);
    values.data.set(
      generate(values.shape, (index) =>
        at(
          x,
          index.map((position, each) => (each === axis ? at(places, index) : position)),
        ),
      ).data,
    );
    return [values, places];
  },
  backward: (step) => {
    if (!step.wants(0)) return [undefined];
    const { g, call } = step;
    const axis = call.axisOf(call.operand(0), call.int('axis', -1));
    return [g.scatterAdd(g.expand(0, step.input(0).shape), step.output(1), step.gradient, axis)];
  },
};

/** Operators that pick elements by index; their derivatives add up where one is picked twice. */
export const GATHERING: DifferentiableOperators = {
  Gather: gather,
  GatherElements: gatherElements,
  TopK: topK,
};
