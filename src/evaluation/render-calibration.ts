import type { CalibrationResult } from './calibration-of.ts';
import type { Interval } from './clopper-pearson.ts';
import { percent } from './percent.ts';
import { renderTable } from './render-table.ts';
import { TAU_COLUMNS, type TauRow, tauCells } from './tau-table.ts';

const interval = ([low, high]: Interval): string =>
  `${(100 * low).toFixed(2)}-${(100 * high).toFixed(2)} %`;
/** 1e-2 rather than 0.01: rates are compared by their order of magnitude. */
const rate = (value: number): string => value.toExponential(value === 0 ? 0 : 1);
const rates = ([low, high]: Interval): string => `${rate(low)} .. ${rate(high)}`;

/** The result of `portico calibrate` for people. */
export function renderCalibration({ calibration, curve }: CalibrationResult): string {
  const { data } = calibration;
  return [
    `${calibration.modelId} on ${data.name}: ${data.samples} pictures of ${data.subjects} people, ${data.matedTrials} mated and ${data.nonMatedTrials} non-mated comparisons`,
    '',
    renderTable(
      ['FMR', '', 'threshold', 'FMR, exact', 'FMR, by people', 'FNMR', 'FNMR interval'],
      curve.points.map((point) => [
        rate(point.fmr),
        point.extrapolated ? 'extrapolated' : 'measured',
        point.threshold.toFixed(4),
        point.extrapolated ? '-' : rates(point.exactInterval),
        rates(point.subjectInterval),
        percent(point.fnmr),
        interval(point.fnmrInterval),
      ]),
    ),
    '',
    ...(calibration.fusion ?? []).map(
      ({ modelId, weight }) => `  ${weight.toFixed(2)} of the cosine by ${modelId}`,
    ),
    ...calibration.claims.map((claim) => `  - ${claim}`),
  ].join('\n');
}

/** tau(N) for people. */
export function renderTau(targetFpir: number, rows: readonly TauRow[]): string {
  return [
    '',
    `  thresholds for a search among N templates at a false positive rate of ${rate(targetFpir)} per search:`,
    '',
    renderTable(TAU_COLUMNS, rows.map(tauCells)),
    '',
  ].join('\n');
}
