import { writeFile } from 'node:fs/promises';
import type { TarAtFmr } from '../evaluation/pairs-report.ts';
import { percent } from '../evaluation/percent.ts';
import { renderTable } from '../evaluation/render-table.ts';
import type { Trained, TrainingCheck } from '../training/train.ts';
import { trainingPage } from '../training/training-page.ts';
import type { Session } from './session.ts';
import { EXIT } from './terminal.ts';

/** One training among several of a command. */
export interface TrainingRun {
  /** What tells it from the others: `{ mining: 'random', seed: 1 }`. */
  readonly label: Readonly<Record<string, string | number>>;
  /** The same for a page's legend and a progress bar. */
  readonly name: string;
  readonly trained: Trained;
  readonly test: TarAtFmr | undefined;
}

export interface TrainingResults {
  readonly title: string;
  /** Said above the table. */
  readonly intro: string;
  readonly runs: readonly TrainingRun[];
  /** Beside the runs in the JSON. */
  readonly besides?: Readonly<Record<string, TarAtFmr | undefined>>;
  /** File of the page, if one was asked for. */
  readonly report: string | undefined;
}

const COLUMNS = ['before', 'best', 'at step', 'ended', 'test'] as const;

/** Shows how a training goes. */
export const followTraining =
  ({ terminal }: Session, name: string, steps: number): ((check: TrainingCheck) => void) =>
  ({ step, loss, validationTar }) =>
    terminal.bar(
      name,
      step / steps,
      `loss ${loss.toFixed(4)}, validation TAR ${percent(validationTar)}`,
    );

/** A TAR with its exact interval, for people. */
export const renderTar = (tar: TarAtFmr | undefined): string =>
  tar === undefined
    ? '-'
    : `${percent(tar.tar)} (${tar.interval.map((end) => (100 * end).toFixed(1)).join('-')})`;

/** Says, and writes, what a command's trainings came to. @returns the command's exit code */
export async function reportTrainings(
  { terminal, signal }: Session,
  { title, intro, runs, besides, report }: TrainingResults,
): Promise<number> {
  terminal.clearBar();
  terminal.result({
    ...besides,
    runs: runs.map(({ label, trained: { best, curve, outcome }, test }) => ({
      ...label,
      ...{ best, outcome, test, curve },
    })),
  });
  terminal.say(intro);
  const labels = Object.keys(runs[0]?.label ?? {});
  terminal.say(renderTable([...labels, ...COLUMNS], runs.map(rowOf)));
  if (report !== undefined) {
    const shown = runs.map(({ name, trained, test }) => ({ name, trained, test: renderTar(test) }));
    await writeFile(report, trainingPage(title, shown));
    terminal.note(`written: ${report}`);
  }
  return signal.aborted ? EXIT.interrupted : EXIT.ok;
}

const rowOf = ({ label, trained: { best, curve, outcome }, test }: TrainingRun): string[] => [
  ...Object.values(label).map(String),
  percent(curve[0]?.validationTar ?? Number.NaN),
  percent(best.validationTar),
  String(best.step),
  outcome,
  renderTar(test),
];
