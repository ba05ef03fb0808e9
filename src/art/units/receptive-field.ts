import type { Step } from '../../graph/graph-core.ts';
import { graphFault } from '../../graph/graph-fault.ts';
import { OperatorCall } from '../../graph/rules/operator-call.ts';
import { windowOf } from '../../graph/rules/window-rules.ts';

/**
 * Which pixels one position of a layer depends on, along one axis: position i sees the pixels from
 * i * jump + first to i * jump + last, also beyond the border, where there is padding.
 */
export interface AxisField {
  readonly jump: number;
  readonly first: number;
  readonly last: number;
}

export interface ReceptiveField {
  readonly down: AxisField;
  readonly across: AxisField;
}

const PIXEL: AxisField = { jump: 1, first: 0, last: 0 };

/** Operators under which a position sees what the same position of its inputs sees. */
const IN_PLACE: ReadonlySet<string> = new Set(
  'Relu Clip LeakyRelu PRelu Sigmoid Tanh Softplus Exp Abs Sqrt Neg Identity Add Sub Mul Div Sum Max Min BatchNormalization Concat'.split(
    ' ',
  ),
);

/**
 * The receptive field of a layer, read off the steps that lead to it.
 * @param steps  in order, as a graph builder lists them
 * @param pixels name of the picture, (N, C, H, W)
 * @param layer  name of a value of four axes
 * @throws PORTICO_GRAPH_UNSUPPORTED naming the step at which position and place part
 * Source: the recurrence of Dumoulin and Visin 2016, with the offset kept
 */
export function receptiveField(
  steps: readonly Step[],
  pixels: string,
  layer: string,
): ReceptiveField {
  const fields = new Map<string, ReceptiveField>([[pixels, { down: PIXEL, across: PIXEL }]]);
  for (const step of steps) {
    const seen = step.inputs.flatMap((input) => fields.get(input?.name ?? '') ?? []);
    const [first, ...others] = seen;
    if (first === undefined) continue;
    const field = throughStep(step, others.reduce(together, first));
    for (const output of step.outputs) if (field !== undefined) fields.set(output.name, field);
  }
  return (
    fields.get(layer) ??
    graphFault(layer, 'Value', 'has no place in the picture: choose an earlier layer')
  );
}

/** Undefined where a position of the output is no place of the picture any more. */
function throughStep(step: Step, field: ReceptiveField): ReceptiveField | undefined {
  if (IN_PLACE.has(step.operator)) return field;
  if (step.operator === 'Pad') return throughPad(step, field);
  if (!['Conv', 'MaxPool', 'AveragePool'].includes(step.operator)) return undefined;
  const call = callOf(step);
  const spatial = call.operand(0).shape.slice(2);
  const kernel = call.ints('kernel_shape') ?? call.operand(1).shape.slice(2);
  const { strides, dilations, pads } = windowOf(call, kernel, spatial);
  const along = (axis: number, { jump, first, last }: AxisField): AxisField => {
    const begin = -(pads[axis] ?? 0);
    const reach = ((kernel[axis] ?? 1) - 1) * (dilations[axis] ?? 1);
    return {
      jump: jump * (strides[axis] ?? 1),
      first: first + begin * jump,
      last: last + (begin + reach) * jump,
    };
  };
  return { down: along(0, field.down), across: along(1, field.across) };
}

function throughPad(step: Step, field: ReceptiveField): ReceptiveField {
  const pads = callOf(step).constantInts(1);
  const shifted = ({ jump, first, last }: AxisField, by = 0): AxisField => ({
    jump,
    first: first - by * jump,
    last: last - by * jump,
  });
  return { down: shifted(field.down, pads[2]), across: shifted(field.across, pads[3]) };
}

const callOf = (step: Step): OperatorCall =>
  new OperatorCall({
    node: step.name,
    operator: step.operator,
    inputs: step.inputs,
    attributes: step.attributes,
    outputCount: step.outputs.length,
  });

/** What two branches see that meet again. */
const together = (left: ReceptiveField, right: ReceptiveField): ReceptiveField => ({
  down: joined(left.down, right.down),
  across: joined(left.across, right.across),
});

const joined = (left: AxisField, right: AxisField): AxisField => ({
  jump: Math.max(left.jump, right.jump),
  first: Math.min(left.first, right.first),
  last: Math.max(left.last, right.last),
});
