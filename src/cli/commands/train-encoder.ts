import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { TarAtFmr } from '../../evaluation/pairs-report.ts';
import { renderTable } from '../../evaluation/render-table.ts';
import { encodeGraph } from '../../graph/encode-graph.ts';
import { seededRandom } from '../../numeric/random.ts';
import { byPerson, partPeople, shuffled } from '../../training/batches.ts';
import type { OpenGraph } from '../../training/descent.ts';
import { augmentCrop, faceCrop } from '../../training/face-crop.ts';
import { frozenTower } from '../../training/frozen-tower.ts';
import { measurePairs } from '../../training/measure-pairs.ts';
import { smallEncoder } from '../../training/small-encoder.ts';
import { type Trained, train } from '../../training/train.ts';
import { tripletObjective } from '../../training/triplet-objective.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';
import {
  addDataOptions,
  followTraining,
  parseAmount,
  parseCount,
  readSamples,
  renderTar,
  TRAINED_HEADER,
  type TrainingData,
  type TrainingSamples,
  trainedRow,
  trainingEngine,
  writeReport,
} from '../training-samples.ts';

interface EncoderOptions extends TrainingData {
  readonly people?: readonly number[];
  readonly learningRate: number;
  readonly margin: number;
  readonly steps: number;
  readonly report?: string;
  readonly out?: string;
}

/** What learning from so many people came to. */
interface EncoderRun {
  readonly people: number;
  readonly pictures: number;
  readonly trained: Trained;
  readonly test: TarAtFmr | undefined;
}

const VALIDATION_SHARE = 0.2;
const SEED = 1;
const BATCH = { people: 16, picturesEach: 4 };

export function addTrainEncoderCommand(command: Command, run: RunCommand): void {
  addDataOptions(
    command
      .command('encoder')
      .description('a small encoder from nothing: how far do so many people go?'),
  )
    .option(
      '--people <counts>',
      'numbers of people to learn from, with commas; default: all',
      parseCounts,
    )
    .option('--margin <m>', 'in squared distance', parseAmount, 0.2)
    .option('--learning-rate <r>', 'of Adam', parseAmount, 1e-3)
    .option('--steps <n>', 'of each training', parseCount, 1_500)
    .option('--report <file.html>', 'curves and results as one page that needs no network')
    .option('--out <encoder.onnx>', 'write the encoder that learned from most people')
    .addHelpText(
      'after',
      '\nExample:\n  portico train encoder --root lfw --list train.csv --test pairs-dev.csv --people 20,60,184',
    )
    .action((options: EncoderOptions) => run((session) => trainEncoders(session, options)));
}

function parseCounts(text: string): readonly number[] {
  const counts = text.split(',').map(parseCount);
  if (counts.every((count) => count > 1)) return counts;
  throw new InvalidArgumentError('two people at least');
}

async function trainEncoders(session: Session, options: EncoderOptions): Promise<number> {
  const { terminal, signal } = session;
  const data = await readSamples(session, options, ({ landmarks }, photo) =>
    faceCrop(photo, landmarks),
  );
  const open = trainingEngine(session);
  const [learners] = partPeople(data.training, VALIDATION_SHARE, seededRandom(SEED));
  const counts = options.people ?? [byPerson(learners).size];
  const runs: EncoderRun[] = [];
  for (const people of counts) {
    if (!signal.aborted) runs.push(await trainOn(session, { options, data, open }, people));
  }
  terminal.clearBar();
  terminal.result({
    runs: runs.map(({ people, pictures, trained: { best, curve, outcome }, test }) => ({
      ...{ people, pictures, best, outcome, test, curve },
    })),
  });
  const rows = runs.map(({ people, pictures, trained, test }) => [
    String(people),
    String(pictures),
    ...trainedRow(trained, test),
  ]);
  terminal.say('TAR at FMR 1e-2 of people not trained on, by the number of people trained on');
  terminal.say(renderTable(['people', 'pictures', ...TRAINED_HEADER], rows));
  const last = runs.at(-1);
  if (options.out !== undefined && last !== undefined) {
    const graph = frozenTower(smallEncoder(), last.trained.parameters);
    await writeFile(options.out, encodeGraph(graph));
    terminal.note(`written: ${options.out}`);
  }
  terminal.say(
    `the untrained encoder on the test pairs: ${renderTar(await untrained(data, open))}`,
  );
  await writeReport(
    session,
    options.report,
    'A small encoder from nothing',
    runs.map(({ people, ...run }) => ({ name: `${people} people`, ...run })),
  );
  return signal.aborted ? EXIT.interrupted : EXIT.ok;
}

interface Given {
  readonly options: EncoderOptions;
  readonly data: TrainingSamples;
  readonly open: OpenGraph;
}

async function trainOn(
  session: Session,
  { options, data, open }: Given,
  count: number,
): Promise<EncoderRun> {
  const { learningRate, margin, steps } = options;
  const [learners, validation] = partPeople(data.training, VALIDATION_SHARE, seededRandom(SEED));
  const names = shuffled([...byPerson(learners).keys()], seededRandom(SEED)).slice(0, count);
  const training = learners.filter(({ person }) => names.includes(person));
  const tower = smallEncoder();
  const trained = await train({
    tower,
    objective: tripletObjective(tower, { mining: 'semi-hard', margin, decay: 0 }),
    training,
    validation,
    settings: {
      ...{ optimiser: 'adam' as const, learningRate, steps, seed: SEED },
      batch: BATCH,
      checkEverySteps: 50,
      patience: 12,
    },
    augment: augmentCrop,
    open,
    signal: session.signal,
    onCheck: followTraining(session, `${names.length} people`, steps),
  });
  const test =
    data.test === undefined
      ? undefined
      : await measurePairs(data.test, tower, trained.parameters, { open });
  return { people: names.length, pictures: training.length, trained, test };
}

async function untrained(data: TrainingSamples, open: OpenGraph): Promise<TarAtFmr | undefined> {
  const tower = smallEncoder();
  return data.test === undefined
    ? undefined
    : await measurePairs(data.test, tower, tower.parameters, { open });
}
