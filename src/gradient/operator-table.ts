import type { DifferentiableOperator, DifferentiableOperators } from './differentiable-operator.ts';
import { ACTIVATIONS } from './operators/activations.ts';
import { ARITHMETIC } from './operators/arithmetic.ts';
import { CONVOLUTIONS } from './operators/convolutions.ts';
import { GATHERING } from './operators/gathering.ts';
import { PRODUCTS } from './operators/linear.ts';
import { MOVEMENTS } from './operators/movement.ts';
import { NORMALISATIONS } from './operators/normalised.ts';
import { POOLING } from './operators/pooling.ts';
import { REDUCTIONS } from './operators/reductions.ts';
import { RESIZING } from './operators/resize.ts';
import { SLICING } from './operators/slicing.ts';

/** Every operator that can be differentiated, forward and backward side by side. */
export const OPERATORS: DifferentiableOperators = {
  ...ARITHMETIC,
  ...ACTIVATIONS,
  ...NORMALISATIONS,
  ...PRODUCTS,
  ...CONVOLUTIONS,
  ...POOLING,
  ...REDUCTIONS,
  ...MOVEMENTS,
  ...SLICING,
  ...GATHERING,
  ...RESIZING,
};

export const operatorNamed = (name: string): DifferentiableOperator | undefined => OPERATORS[name];
