import { seededRandom } from '../../numeric/random.ts';
import { checkGradient, type RunGraph } from './check-gradient.ts';
import { Draw } from './draw.ts';
import { GRADIENT_CASES } from './gradient-cases.ts';

/** How one operator fared over all its cases. */
export interface OperatorReport {
  readonly operator: string;
  readonly cases: number;
  /** Worst relative error of the engine's float32 result against the float64 reference. */
  readonly forwardError: number;
  /** Worst relative error of the derivatives against central differences in float64. */
  readonly backwardError: number;
}

export interface ReportOptions {
  /** Only these; all of the table when absent. */
  readonly operators?: readonly string[];
  readonly casesPerOperator?: number;
  readonly seed?: number;
  readonly onOperator?: (report: OperatorReport) => void;
}

/**
 * Checks every operator of the table against central differences, over random shapes and
 * attributes.
 * @param run the engine that is checked
 */
export async function gradientCheckReport(
  run: RunGraph,
  {
    operators = Object.keys(GRADIENT_CASES),
    casesPerOperator = 12,
    seed = 1,
    onOperator,
  }: ReportOptions = {},
): Promise<readonly OperatorReport[]> {
  const reports: OperatorReport[] = [];
  for (const operator of operators) {
    const draw = new Draw(seededRandom(seed));
    let [forwardError, backwardError] = [0, 0];
    for (let index = 0; index < casesPerOperator; index++) {
      const made = GRADIENT_CASES[operator]?.(draw);
      if (made === undefined) continue;
      const { forward, backward } = await checkGradient(made, draw, run);
      // Not a number is the worst error of all, and must not be lost in a maximum.
      forwardError = Math.max(
        forwardError,
        Number.isNaN(forward) ? Number.POSITIVE_INFINITY : forward,
      );
      backwardError = Math.max(
        backwardError,
        Number.isNaN(backward) ? Number.POSITIVE_INFINITY : backward,
      );
    }
    const report = { operator, cases: casesPerOperator, forwardError, backwardError };
    reports.push(report);
    onOperator?.(report);
  }
  return reports;
}
