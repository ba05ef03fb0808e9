import type { LogisticModel } from './logistic-regression.ts';
import { LBfgs } from './optimisers/l-bfgs.ts';

/** Rows to learn from, too many columns for Newton's method. */
export interface WideSample {
  /** (R, C) float32, row-major. */
  readonly features: Float32Array;
  readonly columns: number;
  /** (R) 0 or 1; both occur. */
  readonly labels: Uint8Array;
}

const ITERATIONS = 400;
/** The descent ends when no derivative is larger. */
const TOLERANCE = 1e-6;
/** Bounds the first steps; at the scale used here weights stay well below it. */
const MAX_STEP = 1;

/** What the columns are brought to: each centred, all divided by one number. */
interface Scaling {
  readonly means: Float64Array;
  readonly scale: number;
}

/**
 * Logistic regression with an L2 penalty by L-BFGS, for hundreds of columns: a step costs one pass
 * over the rows, where `fitLogistic` costs the square of the columns for each. Both labels weigh one
 * half in all, however many rows they have.
 *
 * One scale serves all columns, so that a strong penalty leaves them as important as they come and
 * does not blow up those that hardly vary.
 * @param penalty  > 0; added to the mean loss is penalty / 2 times the squared length of the scaled weights
 */
export function fitLogisticByDescent(sample: WideSample, penalty: number): LogisticModel {
  const { columns } = sample;
  const scaling = scalingOf(sample);
  const scaled = rescale(sample, scaling);
  const parameters = new Float32Array(columns + 1);
  const gradient = new Float32Array(columns + 1);
  const sums = new Float64Array(columns + 1);
  const optimiser = new LBfgs({ maxStep: MAX_STEP });
  for (let iteration = 0; iteration < ITERATIONS; iteration += 1) {
    const cost = accumulate({ ...sample, features: scaled }, parameters, penalty, sums);
    gradient.set(sums);
    if (gradient.every((slope) => Math.abs(slope) < TOLERANCE)) break;
    optimiser.step(parameters, gradient, cost);
  }
  const weights = Float64Array.from(
    parameters.subarray(0, columns),
    (value) => value / scaling.scale,
  );
  let intercept = parameters[columns]!;
  for (let k = 0; k < columns; k += 1) intercept -= weights[k]! * scaling.means[k]!;
  return { intercept, weights };
}

function scalingOf({ features, columns, labels }: WideSample): Scaling {
  const rows = labels.length;
  const means = new Float64Array(columns);
  for (let at = 0; at < features.length; at += 1) means[at % columns]! += features[at]! / rows;
  let squares = 0;
  for (let at = 0; at < features.length; at += 1) {
    squares += (features[at]! - means[at % columns]!) ** 2;
  }
  const scale = Math.sqrt(squares / features.length);
  return { means, scale: scale > 0 ? scale : 1 };
}

const rescale = ({ features, columns }: WideSample, { means, scale }: Scaling): Float32Array =>
  features.map((value, at) => (value - means[at % columns]!) / scale);

/** The cost; its derivatives into `sums`, the intercept's last. */
function accumulate(
  { features, columns, labels }: WideSample,
  parameters: Float32Array,
  penalty: number,
  sums: Float64Array,
): number {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const weightOf = [0.5 / (labels.length - positives), 0.5 / positives] as const;
  let cost = 0;
  sums.fill(0);
  for (let row = 0; row < labels.length; row += 1) {
    const at = row * columns;
    let logit = parameters[columns]!;
    for (let k = 0; k < columns; k += 1) logit += parameters[k]! * features[at + k]!;
    const label = labels[row] === 1 ? 1 : 0;
    // log(1 + e^logit) - label * logit, without overflow.
    const loss = Math.log1p(Math.exp(-Math.abs(logit))) + Math.max(logit, 0) - label * logit;
    cost += weightOf[label] * loss;
    const pull = weightOf[label] * (1 / (1 + Math.exp(-logit)) - label);
    sums[columns]! += pull;
    for (let k = 0; k < columns; k += 1) sums[k]! += pull * features[at + k]!;
  }
  for (let k = 0; k < columns; k += 1) {
    cost += (penalty / 2) * parameters[k]! ** 2;
    sums[k]! += penalty * parameters[k]!;
  }
  return cost;
}
