import { COST, gradientName } from '../differentiate.ts';

export interface AlongGradient {
  /** Slope of the cost along the gradient, by the gradient: its length. */
  readonly predicted: number;
  /** The same slope, by central differences. */
  readonly measured: number;
  /** |predicted - measured| / predicted, at the step where it is smallest. */
  readonly error: number;
}

/** Runs one graph; feeds and outputs by name. */
export type RunDifferentiated = (
  feeds: Readonly<Record<string, Float32Array>>,
) => Promise<ReadonlyMap<string, Float32Array>>;

/**
 * Lengths of the step, over the length of the variable. A long one bends round kinks, a short one
 * drowns in float32 noise; where the two meet depends on the network, so all are tried.
 */
const STEPS = [1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5];

/**
 * Checks the derivative of a whole network: the cost must rise along its gradient as steeply as
 * the gradient says. In other directions the slope is small beside the noise of float32.
 * @param run a graph from {@link differentiate}
 * @param variable name of the input whose derivative is checked
 */
export async function checkAlongGradient(
  run: RunDifferentiated,
  feeds: Readonly<Record<string, Float32Array>>,
  variable: string,
): Promise<AlongGradient> {
  const start = feeds[variable] ?? new Float32Array();
  const gradient = (await run(feeds)).get(gradientName(variable)) ?? new Float32Array();
  const predicted = lengthOf(gradient);
  const costAt = async (distance: number): Promise<number> => {
    const moved = start.map(
      (value, index) => value + (distance * (gradient[index] ?? 0)) / predicted,
    );
    return (await run({ ...feeds, [variable]: moved })).get(COST)?.[0] ?? Number.NaN;
  };
  let best: AlongGradient = { predicted, measured: Number.NaN, error: Number.POSITIVE_INFINITY };
  for (const relative of STEPS) {
    const distance = relative * lengthOf(start);
    const measured = ((await costAt(distance)) - (await costAt(-distance))) / (2 * distance);
    const error = Math.abs(predicted - measured) / predicted;
    if (error < best.error) best = { predicted, measured, error };
  }
  return best;
}

const lengthOf = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
