import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import {
  type LabelledPicture,
  labelledPictures,
  readText,
} from '../evaluation/labelled-pictures.ts';
import { type LabelledPair, parsePairsCsv } from '../evaluation/pairs-csv.ts';
import type { TarAtFmr } from '../evaluation/pairs-report.ts';
import { personOf } from '../evaluation/people-graph.ts';
import { decodePhoto } from '../frame/decode-photo.ts';
import { loadEngine } from '../inference/engine.ts';
import { GraphSession } from '../inference/graph-session.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import type { OpenGraph } from '../training/descent.ts';
import type { TestPairs } from '../training/measure-pairs.ts';
import type { Sample } from '../training/tower.ts';
import type { Trained, TrainingCheck } from '../training/train.ts';
import { trainingPage } from '../training/training-page.ts';
import type { PhotoAnalyser, PhotoFace } from '../vision/photo-analyser.ts';
import { withAnalyser } from './read-faces.ts';
import type { Session } from './session.ts';

/** Where training pictures come from; the options of every `portico train` command. */
export interface TrainingData {
  readonly root: string;
  readonly list?: string;
  /** Pairs of people not trained on, to measure the result with. */
  readonly test?: string;
  readonly encoder?: string;
}

export const addDataOptions = (command: Command): Command =>
  command
    .requiredOption('--root <folder>', 'one folder per person, or what the list is relative to')
    .option('--list <csv>', 'file with the column `file`; default: every picture under the root')
    .option('--test <pairs.csv>', 'pairs of other people under the root, for the final figure');

/** For options that are counts. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('a whole number above zero');
}

/** For options that are rates or weights. */
export function parseAmount(text: string): number {
  const amount = Number(text);
  if (Number.isFinite(amount) && amount >= 0) return amount;
  throw new InvalidArgumentError('a number, not below zero');
}

/** What a training picture is turned into. */
export type SampleOf = (
  face: PhotoFace,
  photo: RgbImage,
) => Float32Array | undefined | Promise<Float32Array | undefined>;

export interface TrainingSamples {
  readonly training: readonly Sample[];
  /** Absent without a list of test pairs. */
  readonly test: TestPairs | undefined;
  readonly notAcquired: number;
}

/**
 * Finds the face in every picture, and makes a sample of it.
 * @throws PORTICO_EVALUATION_DATA for faulty lists and missing pictures
 */
export async function readSamples(
  session: Session,
  data: TrainingData,
  sampleOf: SampleOf,
): Promise<TrainingSamples> {
  const config = session.config(
    data.encoder === undefined ? undefined : { models: { encoders: [data.encoder] } },
  );
  const pictures = await labelledPictures(data.root, data.list);
  const pairs = data.test === undefined ? [] : await readPairs(data.test);
  const samples = new Map<string, Sample>();
  const all = [...pictures, ...picturesOf(pairs)];
  await withAnalyser(session, config, async (analyser) => {
    for (const [index, picture] of all.entries()) {
      session.signal.throwIfAborted();
      const values = await valuesOf(analyser, join(data.root, picture.path), sampleOf);
      if (values !== undefined) samples.set(picture.path, { person: picture.person, values });
      session.terminal.bar('reading pictures', (index + 1) / all.length, `${index + 1}`);
    }
  });
  session.terminal.clearBar();
  return {
    training: pictures.flatMap(({ path }) => samples.get(path) ?? []),
    test: pairs.length === 0 ? undefined : { pairs, samples },
    notAcquired: all.length - samples.size,
  };
}

async function valuesOf(
  analyser: PhotoAnalyser,
  file: string,
  sampleOf: SampleOf,
): Promise<Float32Array | undefined> {
  const photo = await decodePhoto(file);
  const { face } = await analyser.analyse(photo);
  return face === undefined ? undefined : await sampleOf(face, photo);
}

const readPairs = async (list: string): Promise<readonly LabelledPair[]> =>
  parsePairsCsv(await readText(list), list);

function picturesOf(pairs: readonly LabelledPair[]): readonly LabelledPicture[] {
  const paths = new Set(pairs.flatMap(({ left, right }) => [left, right]));
  return [...paths].map((path) => ({ path, person: personOf(path) }));
}

/** The engine of this machine, for graphs that training makes. */
export function trainingEngine(session: Session): OpenGraph {
  const { inference } = session.config();
  const engine = loadEngine(inference.engineModule);
  return (graph) => GraphSession.open(engine, graph, { threads: inference.threads });
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

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

/** What a training came to, for a table of several. */
export const TRAINED_HEADER = ['before', 'best', 'at step', 'ended', 'test'] as const;
export const trainedRow = (
  { best, curve, outcome }: Trained,
  test: TarAtFmr | undefined,
): readonly string[] => [
  percent(curve[0]?.validationTar ?? Number.NaN),
  percent(best.validationTar),
  String(best.step),
  outcome,
  renderTar(test),
];

/** Writes the page of a command's trainings, where one was asked for. */
export async function writeReport(
  { terminal }: Session,
  file: string | undefined,
  title: string,
  runs: readonly {
    readonly name: string;
    readonly trained: Trained;
    readonly test: TarAtFmr | undefined;
  }[],
): Promise<void> {
  if (file === undefined) return;
  const shown = runs.map(({ name, trained, test }) => ({ name, trained, test: renderTar(test) }));
  await writeFile(file, trainingPage(title, shown));
  terminal.note(`written: ${file}`);
}
