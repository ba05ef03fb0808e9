import type { LivenessFusion } from '../../domain/liveness-fusion.ts';
import type { CalibrationResult } from '../calibration-of.ts';
import { percent } from '../percent.ts';
import { TAU_COLUMNS, tauCells, tauTable } from '../tau-table.ts';
import {
  attackPlot,
  detPlot,
  histogramPlot,
  reliabilityPlot,
  tauPlot,
} from './calibration-plots.ts';
import { figure, reportPage, table } from './report-page.ts';
import { escapeText } from './svg-plot.ts';

export interface CalibrationPage {
  readonly results: readonly CalibrationResult[];
  /** Tolerated false positives per search. */
  readonly targetFpir: number;
  /** What is known of attacks; absent: nothing. */
  readonly liveness?: LivenessFusion;
}

/** A page that needs nothing but itself: curves, tables, and what the data cannot support. */
export function calibrationPage({ results, targetFpir, liveness }: CalibrationPage): string {
  const [first] = results;
  const about =
    first === undefined ? '' : `${first.calibration.data.name}, ${first.calibration.date}`;
  return reportPage('Calibration', [
    `<p>${escapeText(about)}. Thresholds come from these curves and from nowhere else.</p>`,
    ...results.map((result) => encoderSection(result, targetFpir)),
    liveness === undefined ? '' : livenessSection(liveness),
  ]);
}

function encoderSection(result: CalibrationResult, targetFpir: number): string {
  const { calibration } = result;
  const { data, points, claims } = calibration;
  const rows = tauTable(calibration, targetFpir);
  const plots = [detPlot(result), histogramPlot(result), reliabilityPlot(result), tauPlot(rows)];
  return [
    `<h2>${escapeText(calibration.modelId)}</h2>`,
    `<p>${data.samples} pictures of ${data.subjects} people: ${data.matedTrials} mated and ${data.nonMatedTrials} non-mated comparisons.</p>`,
    `<div class="plots">${plots.map(figure).join('')}</div>`,
    table(
      ['FMR', 'threshold', '95 % interval', 'FNMR', '95 % interval'],
      points.map(({ fmr, threshold, fmrInterval, fnmr, fnmrInterval, extrapolated }) => [
        `${rate(fmr)}${extrapolated ? ' <span class="mark">extrapolated</span>' : ''}`,
        threshold.toFixed(4),
        fmrInterval.map(rate).join(' – '),
        percent(fnmr),
        fnmrInterval.map((value) => percent(value)).join(' – '),
      ]),
    ),
    `<h3 style="margin-top:28px">Thresholds for a search among N templates, at most ${rate(targetFpir)} false positives a search</h3>`,
    table(TAU_COLUMNS, rows.map(tauCells)),
    `<ul>${claims.map((claim) => `<li>${escapeText(claim)}</li>`).join('')}</ul>`,
  ].join('\n');
}

function livenessSection({ data, crossValidated }: LivenessFusion): string {
  return [
    '<h2>Presentation attacks</h2>',
    `<p>${escapeText(data.name)}; people left out of the fit.</p>`,
    `<div class="plots">${figure(attackPlot(crossValidated))}</div>`,
    table(
      ['species', ...crossValidated.map(({ seconds }) => `after ${seconds} s`)],
      Object.keys(crossValidated.at(-1)?.apcer ?? {}).map((species) => [
        escapeText(species),
        ...crossValidated.map(({ apcer }) => {
          const found = apcer[species];
          return found === undefined
            ? '–'
            : `${percent(found.rate)} (${found.interval.map((value) => percent(value)).join(' – ')})`;
        }),
      ]),
    ),
  ].join('\n');
}

const rate = (value: number): string => value.toExponential(1);
