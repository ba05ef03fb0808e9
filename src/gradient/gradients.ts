import { ModelError } from '../domain/errors.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Step, Value } from '../graph/graph-core.ts';
import { graphFault } from '../graph/graph-fault.ts';
import { describeType, elementCount } from '../graph/tensor.ts';
import { BackwardStep } from './differentiable-operator.ts';
import { operatorNamed } from './operator-table.ts';

/**
 * Adds the derivatives of a cost to the graph that computes it, in reverse mode: one pass over
 * the steps from the cost back, each step handing the derivatives by its outputs on to its inputs.
 * Only steps between the variables and the cost take part.
 * @param cost one float32 number, whatever its rank
 * @returns one value per variable, of its shape
 * @throws PORTICO_GRAPH_UNSUPPORTED naming node and operator when one on the way has no derivative
 * @throws PORTICO_GRAPH_INVALID when the cost is no single number or does not depend on a variable
 */
export function gradients(
  g: GraphBuilder,
  cost: Value,
  variables: readonly Value[],
): readonly Value[] {
  if (elementCount(cost.shape) !== 1 || cost.elementType !== 'float32') {
    graphFault(cost.name, 'Cost', `must be one float32 number, it is ${describeType(cost)}`);
  }
  const steps = [...g.steps()];
  const dependent = dependentOn(variables, steps);
  const parts = new Map<string, Value[]>([[cost.name, [unit(g, cost)]]]);
  /** The sum over every way on which the cost depends on a value. */
  const derivativeBy = (value: Value): Value | undefined => {
    const found = parts.get(value.name) ?? [];
    const [only] = found;
    if (found.length < 2) return only;
    const sum = g.sum(found);
    parts.set(value.name, [sum]);
    return sum;
  };
  for (const step of steps.toReversed()) {
    const wanted = step.inputs.map((input) => input !== undefined && dependent.has(input.name));
    if (!wanted.includes(true)) continue;
    const upstream = step.outputs.map(derivativeBy);
    if (upstream.every((part) => part === undefined)) continue;
    const results = backwardOf(step)(new BackwardStep(g, step, upstream, wanted));
    step.inputs.forEach((input, index) => {
      const part = results[index];
      if (input === undefined || part === undefined || wanted[index] !== true) return;
      parts.set(input.name, [...(parts.get(input.name) ?? []), part]);
    });
  }
  return variables.map(
    (variable) =>
      derivativeBy(variable) ??
      graphFault(variable.name, 'Variable', `the cost "${cost.name}" does not depend on it`),
  );
}

const unit = (g: GraphBuilder, cost: Value): Value =>
  cost.shape.length === 0 ? g.scalar(1) : g.constant(cost.shape, Float32Array.of(1));

/** Names of all values that change when a variable changes. */
function dependentOn(variables: readonly Value[], steps: readonly Step[]): ReadonlySet<string> {
  const dependent = new Set(variables.map(({ name }) => name));
  for (const { inputs, outputs } of steps) {
    if (!inputs.some((input) => input !== undefined && dependent.has(input.name))) continue;
    // Indices and truth values jump or stay: nothing flows back through them.
    for (const { name, elementType } of outputs) {
      if (elementType === 'float32') dependent.add(name);
    }
  }
  return dependent;
}

function backwardOf(step: Step) {
  const operator = operatorNamed(step.operator);
  if (operator !== undefined) return operator.backward;
  throw new ModelError('PORTICO_GRAPH_UNSUPPORTED', {
    message: `node "${step.name}" (${step.operator}): this operator has no derivative here`,
    remedy:
      'Choose a cost or a variable on this side of the node, or add the operator to src/gradient/operators.',
    context: { node: step.name, operator: step.operator },
  });
}
