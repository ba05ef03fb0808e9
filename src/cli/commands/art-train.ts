import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import { type PainterModel, readPainter } from '../../art/painter-model.ts';
import { readPhotos } from '../../art/photo-folder.ts';
import { type Picture, pictureOf } from '../../art/picture.ts';
import { readPicture } from '../../art/picture-file.ts';
import { styleTarget } from '../../art/style-targets.ts';
import type { TrainingStep } from '../../art/train-painter.ts';
import type { CurvePoint } from '../../art/training-checkpoint.ts';
import { trainInFolder } from '../../art/training-folder.ts';
import { TRAINING_DEFAULTS, type TrainingPlan } from '../../art/training-plan.ts';
import { withFurtherStyles } from '../../art/training-start.ts';
import { readPainterFiles, type TrainingStage } from '../../inference/painter-file.ts';
import type { RgbImage } from '../../numeric/sample-image.ts';
import { BACKBONE, graphOpener, openBackbone } from '../open-backbone.ts';
import { OptionValues } from '../option-values.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

const values = new OptionValues('portico art train');
const MINUTE_MS = 60_000;
/** Photographs are shown at these sizes: shorter sides over the side of a crop. */
const PHOTO_SCALES = [1.25, 2];

interface TrainArguments {
  readonly style: readonly string[];
  readonly photos: readonly string[];
  readonly out: string;
  readonly from?: string;
  readonly extend?: string;
  readonly steps: string;
  readonly minutes?: string;
  readonly crop: string;
  readonly pairs: string;
  readonly styleSize: string;
  readonly styleWeight: string;
  readonly contentWeight: string;
  readonly smoothness: string;
  readonly steadiness: string;
  readonly learningRate: string;
  readonly photoLimit: string;
  readonly sample?: string;
  readonly sampleEvery: string;
  readonly seed: string;
  readonly fresh?: boolean;
}

/** @param art the `portico art` command */
export function addTrainCommand(art: Command, run: RunCommand): void {
  const { weights, steps, cropPx, pairs, stylePx, learningRate } = TRAINING_DEFAULTS;
  art
    .command('train')
    .description('train a painter that paints in one pass, in one or several styles')
    .requiredOption('--style <picture...>', 'the styles, in this order')
    .requiredOption('--photos <folder...>', 'photographs to practise on')
    .requiredOption('--out <folder>', 'painter, checkpoint, cost curve and samples')
    .option('--from <painter>', 'begin with the weights of a painter of as many styles')
    .option('--extend <painter>', 'add the styles to a painter; all else in it stays as it is')
    .option('--steps <n>', 'budget; a step shows one style', String(steps))
    .option('--minutes <n>', 'ends earlier, when so much time is used')
    .option('--crop <px>', 'side of what a step is shown', String(cropPx))
    .option('--pairs <n>', 'scenes in a step, each shown twice', String(pairs))
    .option('--style-size <px>', 'longer side of the styles: larger means broader', String(stylePx))
    .option('--style-weight <beta>', 'how much the style counts', String(weights.style))
    .option('--content-weight <alpha>', 'how much the content counts', String(weights.content))
    .option('--smoothness <weight>', 'total variation', String(weights.totalVariation))
    .option('--steadiness <weight>', 'against flicker', String(weights.steadiness))
    .option('--learning-rate <rate>', 'of Adam, at its highest', String(learningRate))
    .option('--photo-limit <n>', 'photographs of each folder', '150')
    .option('--sample <picture>', 'painted at intervals; default: the first photograph')
    .option('--sample-every <steps>', 'how often', '250')
    .option('--seed <n>', 'of weights, photographs and crops', '1')
    .option('--fresh', 'begin anew, though a training is there')
    .addHelpText(
      'after',
      '\nCtrl-C keeps what is learnt; the same command goes on from there, also after a power cut.\n\nExample:\n  portico art train --style wave.jpg scream.jpg --photos holidays/ --out my-painter --minutes 60',
    )
    .action((options: TrainArguments) => run((session) => train(session, options)));
}

async function train(session: Session, options: TrainArguments): Promise<number> {
  const { terminal, composition, signal } = session;
  const base = baseOf(options);
  const plan = planOf(options, base);
  const pictures = await Promise.all(options.style.map(readPicture));
  const photos = await photosOf(session, options, plan);
  const config = session.config();
  const open = graphOpener(config);
  const backbone = await openBackbone(session, config);
  const targets = [];
  for (const picture of pictures) {
    targets.push(await styleTarget(picture, { ...plan, backbone, open }));
  }
  const kept = options.extend === undefined ? [] : (base?.styles ?? []);
  const trained = await trainInFolder({
    folder: options.out,
    plan,
    styles: [...kept, ...options.style.map(styleNamed)],
    backbone,
    backboneId: BACKBONE,
    open,
    photos,
    targets: [...kept.map(() => new Map<string, Float32Array>()), ...targets],
    now: () => composition.clock.now(),
    signal,
    ...(base === undefined ? {} : { startFrom: withFurtherStyles(base, plan.design) }),
    sample: await sampleOf(options, photos),
    sampleEverySteps: values.whole('--sample-every', options.sampleEvery, 10, 1e6),
    checkpointEverySteps: 50,
    fresh: options.fresh === true,
    story: {
      description: 'Paints a picture in one pass, in its styles and between them.',
      licence: 'yours',
      training: stagesBefore(options),
    },
    onStart: (found) => {
      if (found === 'found') terminal.note(`${options.out}: going on`);
      if (found === 'damaged')
        terminal.note(`${options.out}/training.state is damaged: begun anew`);
      if (found === 'other') terminal.note(`${options.out} holds another training: begun anew`);
    },
    onStep: (step, point) => report(session, step, point),
  });
  terminal.clearBar();
  const last = trained.curve.at(-1);
  terminal.result({ ...trained, folder: options.out });
  terminal.say(
    `${trained.outcome === 'finished' ? '✔' : '■'} ${options.out}: ${trained.steps} steps in ${(trained.elapsedMs / MINUTE_MS).toFixed(1)} min, J ${last?.cost.toFixed(3) ?? '-'} (from ${trained.curve[0]?.cost.toFixed(3) ?? '-'})`,
  );
  return trained.outcome === 'finished' ? EXIT.ok : EXIT.interrupted;
}

function report(
  { terminal }: Session,
  { step, share, cost }: TrainingStep,
  point: CurvePoint | undefined,
): void {
  terminal.bar('training', share, `step ${step}, J ${cost.toFixed(2)}`);
  if (point === undefined || terminal.interactive) return;
  const { contentCost, styleCost, steadinessCost } = point;
  terminal.note(
    `step ${step}: J ${point.cost.toFixed(3)}, content ${contentCost.toFixed(3)}, style ${styleCost.toFixed(4)}, steadiness ${steadinessCost.toFixed(5)}`,
  );
}

function baseOf({ from, extend, style }: TrainArguments): PainterModel | undefined {
  if (from !== undefined && extend !== undefined) {
    return values.misuse('--from and --extend exclude each other');
  }
  const folder = from ?? extend;
  if (folder === undefined) return undefined;
  const model = readPainter(folder);
  if (from !== undefined && model.styles.length !== style.length) {
    return values.misuse(`${from} has ${model.styles.length} styles, not ${style.length}`);
  }
  return model;
}

/** How the painter that this one begins with was trained. */
function stagesBefore({ from, extend }: TrainArguments): TrainingStage[] {
  const folder = from ?? extend;
  return folder === undefined ? [] : readPainterFiles(folder).description.training;
}

function planOf(options: TrainArguments, base: PainterModel | undefined): TrainingPlan {
  const kept = options.extend === undefined ? 0 : (base?.styles.length ?? 0);
  const minutes =
    options.minutes === undefined
      ? undefined
      : values.real('--minutes', options.minutes, 0.01, 100_000);
  return {
    ...TRAINING_DEFAULTS,
    design: {
      ...(base?.design ?? TRAINING_DEFAULTS.design),
      styles: kept + options.style.length,
    },
    firstTrainedStyle: kept,
    cropPx: 4 * values.whole('--crop / 4', String(Number(options.crop) / 4), 20, 128),
    pairs: values.whole('--pairs', options.pairs, 1, 16),
    stylePx: values.whole('--style-size', options.styleSize, 96, 2048),
    steps: values.whole('--steps', options.steps, 1, 1e7),
    ...(minutes === undefined ? {} : { limitMs: minutes * MINUTE_MS }),
    learningRate: values.real('--learning-rate', options.learningRate, 1e-6, 1),
    seed: values.whole('--seed', options.seed, 0, 2 ** 31),
    weights: {
      content: values.real('--content-weight', options.contentWeight, 0, 1e6),
      style: values.real('--style-weight', options.styleWeight, 0, 1e6),
      totalVariation: values.real('--smoothness', options.smoothness, 0, 1e6),
      steadiness: values.real('--steadiness', options.steadiness, 0, 1e6),
    },
  };
}

async function photosOf(
  { terminal }: Session,
  options: TrainArguments,
  { cropPx, seed }: TrainingPlan,
): Promise<readonly RgbImage[]> {
  return await readPhotos(options.photos, {
    limit: values.whole('--photo-limit', options.photoLimit, 1, 100_000),
    seed,
    shortSidesPx: PHOTO_SCALES.map((scale) => Math.ceil(scale * cropPx)),
    onPhoto: (done, count) => terminal.bar('photographs', done / count, `${done} of ${count}`),
  });
}

async function sampleOf({ sample }: TrainArguments, photos: readonly RgbImage[]): Promise<Picture> {
  if (sample !== undefined) return await readPicture(sample);
  const photo = photos.at(-1);
  if (photo === undefined) return values.misuse('--photos holds no photographs');
  return pictureOf(photo);
}

/** What is known of a style from its file; title and origin are for its owner to fill in. */
function styleNamed(path: string) {
  const name = basename(path, extname(path))
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return { name, title: name, origin: `trained on ${basename(path)}` };
}
