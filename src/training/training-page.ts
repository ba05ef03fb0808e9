import { percent } from '../evaluation/percent.ts';
import { figure, reportPage, table } from '../evaluation/report/report-page.ts';
import { type Axis, escapeText, type Plot, type PlotPoint } from '../evaluation/report/svg-plot.ts';
import type { Trained, TrainingCheck } from './train.ts';

/** A training as the page shows it. */
export interface ShownTraining {
  readonly name: string;
  readonly trained: Trained;
  /** TAR of the test pairs, in words; '-' without any. */
  readonly test: string;
}

/** Three curves fit into one plot. */
const CURVES_A_PLOT = 3;
const SERIES = [1, 2, 3] as const;
const TICKS = 4;

/** How trainings went: the loss, what it did to people not trained on, and what came of it. */
export function trainingPage(title: string, trainings: readonly ShownTraining[]): string {
  const groups = Array.from({ length: Math.ceil(trainings.length / CURVES_A_PLOT) }, (_, index) =>
    trainings.slice(index * CURVES_A_PLOT, (index + 1) * CURVES_A_PLOT),
  );
  return reportPage(title, [
    '<p>TAR at FMR 1e-2 over all comparisons of people that were not trained on. What is kept is the best check, not the last.</p>',
    ...groups.map(
      (group) =>
        `<div class="plots">${figure(curves('Validation TAR', group, ({ validationTar }) => validationTar))}${figure(curves('Loss', group, ({ loss }) => loss))}</div>`,
    ),
    table(
      ['training', 'before', 'best', 'at step', 'ended', 'test pairs'],
      trainings.map(({ name, trained: { best, curve, outcome }, test }) => [
        escapeText(name),
        percent(curve[0]?.validationTar ?? 0),
        percent(best.validationTar),
        String(best.step),
        outcome,
        test,
      ]),
    ),
  ]);
}

function curves(
  title: string,
  trainings: readonly ShownTraining[],
  of: (check: TrainingCheck) => number,
): Plot {
  const lines = trainings.map(({ trained: { curve } }) =>
    curve
      .map((check): PlotPoint => [check.step, of(check)])
      .filter(([, value]) => Number.isFinite(value)),
  );
  const points = lines.flat();
  return {
    title,
    x: axisOf('steps', [0, ...points.map(([x]) => x)], String),
    y: axisOf(
      title,
      points.map(([, y]) => y),
      (value) => value.toPrecision(3),
    ),
    layers: lines.map((line, index) => ({
      kind: 'line',
      series: SERIES[index] ?? 1,
      points: line,
    })),
    legend: trainings.map(({ name }) => name),
  };
}

function axisOf(title: string, values: readonly number[], format: Axis['format']): Axis {
  const low = Math.min(...values);
  const spread = Math.max(...values) - low;
  const high = spread > 0 ? low + spread : low + Math.max(Math.abs(low), 1) * 1e-3;
  const ticks = Array.from(
    { length: TICKS + 1 },
    (_, index) => low + ((high - low) * index) / TICKS,
  );
  return { title, low, high, ticks, format };
}
