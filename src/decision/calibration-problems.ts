import {
  CALIBRATION_SCHEMA_VERSION,
  type Calibration,
  type CalibrationPoint,
} from '../domain/calibration.ts';

/**
 * What makes a calibration unfit to open a door, in sentences; empty when nothing does. A curve
 * that is out of order, finer than its data can count, or of the other direction opens for anyone.
 */
export function calibrationProblems(calibration: Calibration): readonly string[] {
  const { modelId, points, data } = calibration;
  const problems: string[] = [];
  const demand = (holds: boolean, problem: string): void => {
    if (!holds) problems.push(`calibration of ${modelId}: ${problem}`);
  };
  demand(calibration.schemaVersion === CALIBRATION_SCHEMA_VERSION, 'its schema version is unknown');
  demand(calibration.direction === 'higher-is-more-alike', 'it does not rise with likeness');
  demand(modelId.length > 0, 'it names no model');
  demand(Number.isInteger(data.nonMatedTrials) && data.nonMatedTrials > 0, 'it has no trials');
  demand(points.length > 0, 'it has no points');
  let before: CalibrationPoint | undefined;
  for (const point of points) {
    demand(isSane(point), `the point at FMR ${point.fmr} is out of range`);
    demand(before === undefined || isStricter(point, before), `FMR ${point.fmr} is out of order`);
    demand(
      point.extrapolated || point.fmr * data.nonMatedTrials >= COUNTABLE,
      `FMR ${point.fmr} is finer than ${data.nonMatedTrials} trials can count`,
    );
    before = point;
  }
  return problems;
}

/** One error, less the rounding of a rate that was written as a decimal fraction. */
const COUNTABLE = 0.99;

const isSane = ({ fmr, threshold }: CalibrationPoint): boolean =>
  fmr > 0 && fmr <= 1 && threshold >= -1 && threshold <= 1;

/** Once a point is extrapolated, so are all stricter ones. */
const isStricter = (point: CalibrationPoint, before: CalibrationPoint): boolean =>
  point.fmr < before.fmr &&
  point.threshold > before.threshold &&
  (point.extrapolated || !before.extrapolated);
