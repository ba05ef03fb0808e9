import type { TensorType } from '../tensor.ts';
import { ELEMENTWISE_RULES } from './elementwise-rules.ts';
import { LINEAR_RULES } from './linear-rules.ts';
import { MOVEMENT_RULES } from './movement-rules.ts';
import type { OperatorCall, ShapeRules } from './operator-call.ts';
import { REDUCTION_RULES } from './reduction-rules.ts';
import { WINDOW_RULES } from './window-rules.ts';

const RULES: ShapeRules = {
  ...ELEMENTWISE_RULES,
  ...WINDOW_RULES,
  ...LINEAR_RULES,
  ...MOVEMENT_RULES,
  ...REDUCTION_RULES,
};

/**
 * The types of a call's outputs.
 * @throws PORTICO_GRAPH_INVALID when the operator is unknown or its inputs do not fit it
 * Source: ONNX operator schemas, opset 18
 */
export function outputTypes(call: OperatorCall): readonly TensorType[] {
  const rule = RULES[call.operator] ?? call.fail('this operator is not known');
  const types = rule(call);
  call.check(types.length >= call.outputCount, `has only ${types.length} output(s)`);
  return types.slice(0, call.outputCount);
}
