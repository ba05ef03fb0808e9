/** Amounts below this, in inter-eye distances or logarithms, are the mesh's own noise floor. */
const AMOUNT_FLOOR = 1e-4;
/** The same for the spread of ratios and angles. */
const SPREAD_FLOOR = 1e-3;

/** @returns undefined for no values */
export function mean(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Population standard deviation; undefined below two values. */
export function spread(values: readonly number[]): number | undefined {
  const centre = mean(values);
  if (centre === undefined || values.length < 2) return undefined;
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)) ?? 0);
}

/** Logarithms, because amounts of motion differ by factors, not by differences. */
const logAmount = (amount: number | undefined): number | undefined =>
  amount === undefined ? undefined : Math.log(amount + AMOUNT_FLOOR);

export const logMean = (values: readonly number[]): number | undefined =>
  logAmount(mean(values.map(Math.abs)));

export const logLargest = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : logAmount(Math.max(...values.map(Math.abs)));

export const logRootMeanSquare = (values: readonly number[]): number | undefined => {
  const square = mean(values.map((value) => value * value));
  return square === undefined ? undefined : logAmount(Math.sqrt(square));
};

export const meanOfLogs = (values: readonly number[]): number | undefined =>
  mean(values.map((value) => Math.log(Math.abs(value) + AMOUNT_FLOOR)));

export const logSpread = (values: readonly number[]): number | undefined => {
  const amount = spread(values);
  return amount === undefined ? undefined : Math.log(amount + SPREAD_FLOOR);
};
