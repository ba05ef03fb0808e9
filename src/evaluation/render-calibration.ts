import type { CalibrationResult } from './calibration-of.ts';
import type { Interval } from './clopper-pearson.ts';
import { renderTable } from './render-table.ts';
import type { TauRow } from './tau-table.ts';

const percent = (ratio: number): string => `${(100 * ratio).toFixed(2)} %`;
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
    renderTable(
      ['N', 'tau(N)', 'FMR', ''],
      rows.map(({ templates, threshold, fmr, basis }) => [
        String(templates),
        threshold.toFixed(4),
        rate(fmr),
        basis,
      ]),
    ),
    '',
  ].join('\n');
}
