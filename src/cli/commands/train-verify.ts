import type { Command } from 'commander';
import { compareByHead } from '../../evaluation/comparators/comparison-head.ts';
import type { FeatureName } from '../../evaluation/comparators/pair-features.ts';
import { seededRandom } from '../../numeric/random.ts';
import { partPeople } from '../../training/batches.ts';
import type { OpenGraph } from '../../training/descent.ts';
import { projectionHead } from '../../training/projection-head.ts';
import { train } from '../../training/train.ts';
import { verifyHead, verifyObjective } from '../../training/verify-objective.ts';
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

interface VerifyOptions extends TrainingData {
  readonly fineTune?: boolean;
  readonly learningRate?: number;
  readonly decay: number;
  readonly steps: number;
  readonly seeds: number;
}

const FEATURES: readonly FeatureName[] = ['absolute-difference', 'chi-square'];
const VALIDATION_SHARE = 0.3;
const BATCH = { people: 24, picturesEach: 4 };

export function addTrainVerifyCommand(command: Command, run: RunCommand): void {
  addDataOptions(
    command
      .command('verify')
      .description('a Siamese network with a logistic unit: are these two pictures of one person?'),
  )
    .option('--encoder <id>', 'default: the configured one')
    .option('--fine-tune', 'train a projection under both towers as well')
    .option('--learning-rate <r>', 'of Adam; default 0.01, with --fine-tune 0.0003', parseAmount)
    .option('--decay <weight>', 'pull of the weights towards zero', parseAmount, 1e-4)
    .option('--steps <n>', 'at most', parseCount, 800)
    .option('--seeds <n>', 'trainings of each kind', parseCount, 1)
    .addHelpText(
      'after',
      '\nExample:\n  portico train verify --root lfw --list train.csv --test pairs-dev.csv',
    )
    .action((options: VerifyOptions) => run((session) => trainUnits(session, options)));
}

async function trainUnits(session: Session, options: VerifyOptions): Promise<number> {
  const { signal } = session;
  const data = await readSamples(session, options, ({ embeddings }) => embeddings[0]?.embedding);
  const open = trainingEngine(session);
  const tower = projectionHead(data.training[0]?.values.length ?? 1);
  const cosine = await measureTest(data, tower, tower.parameters, { open });
  const runs: TrainingRun[] = [];
  for (const features of FEATURES) {
    for (let seed = 1; seed <= options.seeds && !signal.aborted; seed += 1) {
      runs.push(await trainUnit(session, { options, data, open }, features, seed));
    }
  }
  return await reportTrainings(session, {
    title: 'Two towers and a logistic unit',
    intro: `TAR at FMR 1e-2 of people not trained on; the cosine on the test pairs: ${renderTar(cosine)}`,
    runs,
    besides: { cosine },
    report: options.report,
  });
}

interface Given {
  readonly options: VerifyOptions;
  readonly data: TrainingSamples;
  readonly open: OpenGraph;
}

async function trainUnit(
  session: Session,
  { options, data, open }: Given,
  features: FeatureName,
  seed: number,
): Promise<TrainingRun> {
  const { decay, steps, fineTune = false } = options;
  const { learningRate = fineTune ? 3e-4 : 0.01 } = options;
  const [training, validation] = partPeople(data.training, VALIDATION_SHARE, seededRandom(seed));
  const dimension = training[0]?.values.length ?? 1;
  const tower = projectionHead(dimension);
  const name = `${features}, seed ${seed}`;
  const trained = await train({
    tower,
    objective: verifyObjective(tower, dimension, { features, decay, trainsTower: fineTune }),
    training,
    validation,
    settings: {
      ...{ optimiser: 'adam' as const, learningRate, steps, seed },
      batch: BATCH,
      checkEverySteps: 40,
      patience: 5,
    },
    open,
    signal: session.signal,
    onCheck: followTraining(session, name, steps),
  });
  const compare = compareByHead(verifyHead(features, trained.parameters));
  const test = await measureTest(data, tower, trained.parameters, { open, compare });
  return { label: { features, seed }, name, trained, test };
}
