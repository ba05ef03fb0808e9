import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { encodeGraph } from '../../graph/encode-graph.ts';
import { seededRandom } from '../../numeric/random.ts';
import { partPeople } from '../../training/batches.ts';
import { OPTIMISERS, type OpenGraph, type OptimiserChoice } from '../../training/descent.ts';
import { frozenTower } from '../../training/frozen-tower.ts';
import { projectionHead } from '../../training/projection-head.ts';
import type { Tower } from '../../training/tower.ts';
import { train } from '../../training/train.ts';
import { MINING, type Mining } from '../../training/triplet-mining.ts';
import { tripletObjective } from '../../training/triplet-objective.ts';
import { encoderFeatures } from '../encoder-features.ts';
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

interface TripletOptions extends TrainingData, OptimiserChoice {
  readonly layers?: number;
  readonly mining: readonly Mining[];
  readonly margin: number;
  readonly decay: number;
  readonly steps: number;
  readonly seeds: number;
  readonly out?: string;
}

interface TripletRun extends TrainingRun {
  readonly tower: Tower;
}

const VALIDATION_SHARE = 0.3;
const BATCH = { people: 24, picturesEach: 4 };

export function addTrainTripletCommand(command: Command, run: RunCommand): void {
  addDataOptions(
    command
      .command('triplet')
      .description('a head on frozen embeddings, or the last layers of an encoder, by triplets'),
  )
    .option('--encoder <id>', 'default: the configured one')
    .option(
      '--layers <n>',
      'train the last layers of the encoder instead of a head on it',
      parseCount,
    )
    .option('--mining <kinds>', `${MINING.join(', ')}, or several with commas`, parseMining, MINING)
    .option('--margin <m>', 'in squared distance', parseAmount, 0.2)
    .option('--decay <weight>', 'pull of the head towards the encoder itself', parseAmount, 1e-3)
    .addOption(new Option('--optimiser <name>').choices(OPTIMISERS).default('adam'))
    .option('--learning-rate <r>', 'of the optimiser', parseAmount, 3e-5)
    .option('--steps <n>', 'at most', parseCount, 600)
    .option('--seeds <n>', 'trainings of each kind', parseCount, 1)
    .option('--out <head.onnx>', 'write the head that told the validation people apart best')
    .addHelpText(
      'after',
      '\nExample:\n  portico train triplet --root lfw --list train.csv --test pairs-dev.csv --seeds 3',
    )
    .action((options: TripletOptions) => run((session) => trainHeads(session, options)));
}

function parseMining(text: string): readonly Mining[] {
  return text.split(',').map((word) => {
    const known = MINING.find((kind) => kind === word);
    if (known === undefined) throw new InvalidArgumentError(`one of ${MINING.join(', ')}`);
    return known;
  });
}

async function trainHeads(session: Session, options: TripletOptions): Promise<number> {
  const { signal } = session;
  const open = trainingEngine(session);
  const { data, tower } = await trainingOf(session, options, open);
  const before = await measureTest(data, tower, tower.parameters, { open });
  const runs: TripletRun[] = [];
  for (const mining of options.mining) {
    for (let seed = 1; seed <= options.seeds && !signal.aborted; seed += 1) {
      runs.push(await trainOne(session, { options, data, tower, open }, mining, seed));
    }
  }
  const code = await reportTrainings(session, {
    title: 'Triplets',
    intro: `TAR at FMR 1e-2 of people not trained on; the encoder itself on the test pairs: ${renderTar(before)}`,
    runs,
    besides: { before },
    report: options.report,
  });
  if (options.out !== undefined) await writeBest(session, runs, options.out);
  return code;
}

/** What is trained, and what it is fed. */
async function trainingOf(
  session: Session,
  options: TripletOptions,
  open: OpenGraph,
): Promise<{ readonly data: TrainingSamples; readonly tower: Tower }> {
  const { layers, encoder } = options;
  if (layers === undefined) {
    const data = await readSamples(session, options, ({ embeddings }) => embeddings[0]?.embedding);
    return { data, tower: projectionHead(data.training[0]?.values.length ?? 1) };
  }
  const config = session.config(
    encoder === undefined ? undefined : { models: { encoders: [encoder] } },
  );
  const { tail, sampleOf, close } = await encoderFeatures(session, config, layers, open);
  try {
    return { data: await readSamples(session, options, sampleOf), tower: tail };
  } finally {
    await close();
  }
}

interface Given {
  readonly options: TripletOptions;
  readonly data: TrainingSamples;
  readonly tower: Tower;
  readonly open: OpenGraph;
}

async function trainOne(
  session: Session,
  { options, data, tower, open }: Given,
  mining: Mining,
  seed: number,
): Promise<TripletRun> {
  const [training, validation] = partPeople(data.training, VALIDATION_SHARE, seededRandom(seed));
  const { optimiser, learningRate, margin, steps } = options;
  // Layers of an encoder begin where millions of faces have left them, not at zero.
  const decay = options.layers === undefined ? options.decay : 0;
  const name = `${mining}, seed ${seed}`;
  const trained = await train({
    tower,
    objective: tripletObjective(tower, { mining, margin, decay }),
    training,
    validation,
    settings: {
      ...{ optimiser, learningRate, steps, seed },
      batch: BATCH,
      checkEverySteps: 40,
      patience: 5,
    },
    open,
    signal: session.signal,
    onCheck: followTraining(session, name, steps),
  });
  const test = await measureTest(data, tower, trained.parameters, { open });
  return { label: { mining, seed }, name, trained, test, tower };
}

async function writeBest(
  { terminal }: Session,
  runs: readonly TripletRun[],
  file: string,
): Promise<void> {
  const [best] = runs.toSorted(
    (left, right) =>
      right.trained.best.validationTar -
      (right.trained.curve[0]?.validationTar ?? 0) -
      (left.trained.best.validationTar - (left.trained.curve[0]?.validationTar ?? 0)),
  );
  if (best === undefined) return;
  await writeFile(file, encodeGraph(frozenTower(best.tower, best.trained.parameters)));
  terminal.note(`written: ${file} (${best.name})`);
}
