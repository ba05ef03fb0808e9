import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { encodeGraph } from '../../graph/encode-graph.ts';
import { seededRandom } from '../../numeric/random.ts';
import { byPerson, partPeople, shuffled } from '../../training/batches.ts';
import type { OpenGraph } from '../../training/descent.ts';
import { augmentCrop, faceCrop } from '../../training/face-crop.ts';
import { frozenTower } from '../../training/frozen-tower.ts';
import { smallEncoder } from '../../training/small-encoder.ts';
import { train } from '../../training/train.ts';
import { tripletObjective } from '../../training/triplet-objective.ts';
import { parseCount } from '../parse-count.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import {
  followTraining,
  renderTar,
  reportTrainings,
  type TrainingRun,
} from '../training-results.ts';
import {
  addDataOptions,
  measureTest,
  parseAmount,
  readSamples,
  type TrainingData,
  type TrainingSamples,
  trainingEngine,
} from '../training-samples.ts';

interface EncoderOptions extends TrainingData {
  readonly people?: readonly number[];
  readonly learningRate: number;
  readonly margin: number;
  readonly steps: number;
  readonly out?: string;
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
  const runs: TrainingRun[] = [];
  for (const people of counts) {
    if (!signal.aborted) runs.push(await trainOn(session, { options, data, open }, people));
  }
  const code = await reportTrainings(session, {
    title: 'A small encoder from nothing',
    intro: 'TAR at FMR 1e-2 of people not trained on, by the number of people trained on',
    runs,
    report: options.report,
  });
  const tower = smallEncoder();
  const untrained = await measureTest(data, tower, tower.parameters, { open });
  terminal.say(`the untrained encoder on the test pairs: ${renderTar(untrained)}`);
  const last = runs.at(-1);
  if (options.out !== undefined && last !== undefined) {
    await writeFile(options.out, encodeGraph(frozenTower(tower, last.trained.parameters)));
    terminal.note(`written: ${options.out}`);
  }
  return code;
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
): Promise<TrainingRun> {
  const { learningRate, margin, steps } = options;
  const [learners, validation] = partPeople(data.training, VALIDATION_SHARE, seededRandom(SEED));
  const names = shuffled([...byPerson(learners).keys()], seededRandom(SEED)).slice(0, count);
  const training = learners.filter(({ person }) => names.includes(person));
  const tower = smallEncoder();
  const name = `${names.length} people`;
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
    onCheck: followTraining(session, name, steps),
  });
  const test = await measureTest(data, tower, trained.parameters, { open });
  return { label: { people: names.length, pictures: training.length }, name, trained, test };
}
