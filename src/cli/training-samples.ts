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
import { type MeasureOptions, measurePairs, type TestPairs } from '../training/measure-pairs.ts';
import type { Parameter, Sample, Tower } from '../training/tower.ts';
import type { PhotoAnalyser, PhotoFace } from '../vision/photo-analyser.ts';
import { withAnalyser } from './read-faces.ts';
import type { Session } from './session.ts';

/** Where training pictures come from and where the page goes: options of most `portico train` commands. */
export interface TrainingData {
  readonly root: string;
  readonly list?: string;
  /** Pairs of people not trained on, to measure the result with. */
  readonly test?: string;
  readonly encoder?: string;
  readonly report?: string;
}

export const addDataOptions = (command: Command): Command =>
  command
    .requiredOption('--root <folder>', 'one folder per person, or what the list is relative to')
    .option('--list <csv>', 'file with the column `file`; default: every picture under the root')
    .option('--test <pairs.csv>', 'pairs of other people under the root, for the final figure')
    .option('--report <file.html>', 'curves and results as one page that needs no network');

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

/** The final figure of a tower, where there are pairs for it. */
export const measureTest = async (
  { test }: TrainingSamples,
  tower: Tower,
  parameters: readonly Parameter[],
  options: MeasureOptions,
): Promise<TarAtFmr | undefined> =>
  test === undefined ? undefined : await measurePairs(test, tower, parameters, options);
