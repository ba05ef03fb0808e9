import type { Interval } from './clopper-pearson.ts';
import { type DetectionRecallReport, GOAL_SIZE_RATIO } from './detection-recall.ts';
import type { PairsReport } from './pairs-report.ts';
import { renderTable } from './render-table.ts';
import type { YawReport } from './yaw-bands.ts';

const percent = (ratio: number, digits = 2): string =>
  Number.isFinite(ratio) ? `${(100 * ratio).toFixed(digits)} %` : '-';
const interval = ([low, high]: Interval, digits = 2): string =>
  `${(100 * low).toFixed(digits)}-${(100 * high).toFixed(digits)} %`;
/** 1e-2 rather than 0.01: rates are compared by their order of magnitude. */
const rate = (value: number): string => value.toExponential(value === 0 ? 0 : 1);

/** The result of `portico evaluate` for people. */
export function renderPairsReport(report: PairsReport): string {
  const { accuracy } = report;
  return [
    `${report.encoder} on ${report.pairs} pairs`,
    `  accuracy  ${percent(accuracy.mean)} ± ${percent(accuracy.sd)} (10 folds, people kept apart)`,
    `  EER       ${percent(report.eer)}`,
    `  FTA       ${percent(report.fta)} of the pictures`,
    '',
    renderTable(
      ['FMR', 'threshold', 'TAR', '95 % interval'],
      report.tarAtFmr.map((point) => [
        rate(point.fmr),
        point.threshold.toFixed(4),
        percent(point.tar),
        interval(point.interval),
      ]),
    ),
  ].join('\n');
}

/** The result of `portico evaluate recall` for people. */
export function renderDetectionRecall(report: DetectionRecallReport): string {
  return [
    renderTable(
      ['face / frame', 'scenes', 'found', 'recall', '95 % interval', 'false faces'],
      report.sizes.map((size) => [
        percent(size.sizeRatio, 0),
        String(size.scenes),
        String(size.found),
        percent(size.recall),
        interval(size.interval, 1),
        String(size.falseFaces),
      ]),
    ),
    '',
    `  ${percent(report.recallAboveGoalSize)} of the faces of at least ${percent(GOAL_SIZE_RATIO, 0)} of the frame's height (${report.frame.widthPx}x${report.frame.heightPx})`,
  ].join('\n');
}

/** The result of `portico evaluate yaw` for people. */
export function renderYawReport(report: YawReport): string {
  return [
    `${report.encoder}, one threshold for all bands: ${report.threshold.toFixed(4)}, FMR ${rate(report.fmr)} over all`,
    '',
    renderTable(
      ['|yaw|', 'mated', 'non-mated', 'accuracy', 'TAR', '95 % interval', 'FMR'],
      report.bands.map((band) => [
        `${band.fromDeg}-${band.toDeg}°`,
        String(band.mated),
        String(band.nonMated),
        percent(band.accuracy),
        percent(band.tar),
        interval(band.tarInterval, 1),
        Number.isFinite(band.fmr) ? rate(band.fmr) : '-',
      ]),
    ),
    '',
    `  recommended yaw limit: ${report.recommendedLimitDeg}°`,
  ].join('\n');
}
