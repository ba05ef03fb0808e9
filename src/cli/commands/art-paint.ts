import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readCheckpoint, requestKey, writeCheckpoint } from '../../art/checkpoint-file.ts';
import { type Painted, type PaintOptions, type PaintStep, paint } from '../../art/paint.ts';
import {
  PAINT_DEFAULTS,
  type PaintRequest,
  type PaintSettings,
  type Style,
} from '../../art/paint-request.ts';
import { greyPlane, type Picture, resizePlanes } from '../../art/picture.ts';
import {
  encodePicture,
  type PictureFormat,
  pictureFormat,
  readPicture,
} from '../../art/picture-file.ts';
import { writeAtomically } from '../../art/sealed-file.ts';
import { graphOpener, openBackbone } from '../open-backbone.ts';
import { OptionValues } from '../option-values.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

const values = new OptionValues('portico art paint');

interface PaintArguments {
  readonly content: string;
  readonly style: readonly string[];
  readonly out: string;
  readonly size: string;
  readonly steps: string;
  readonly styleWeight: string;
  readonly contentWeight: string;
  readonly smoothness: string;
  readonly styleScale: string;
  readonly seed: string;
  readonly start: PaintSettings['start'];
  readonly optimiser: PaintSettings['optimiser'];
  readonly keepColours?: boolean;
  readonly mask?: string;
  readonly timeLapse?: string;
  readonly every: string;
  readonly fresh?: boolean;
}

/** @param art the `portico art` command */
export function addPaintCommand(art: Command, run: RunCommand): void {
  const { weights } = PAINT_DEFAULTS;
  art
    .command('paint')
    .description('paint a picture in the manner of one or several others (slow and fine)')
    .requiredOption('--content <picture>')
    .requiredOption('--style <picture...>', 'one or more, each with a share: wave.jpg:0.5')
    .requiredOption('--out <file>', 'png, jpg or webp')
    .option('--size <px>', 'longer side of the result', '512')
    .option('--steps <n>', 'steps at 256 px; half as many at the full size', '80')
    .option('--style-weight <beta>', 'how much the style counts', String(weights.style))
    .option('--content-weight <alpha>', 'how much the content counts', String(weights.content))
    .option('--smoothness <weight>', 'total variation', String(weights.totalVariation))
    .option('--style-scale <factor>', 'larger: broader strokes', '1')
    .option('--start <from>', 'content, noise or style', PAINT_DEFAULTS.start)
    .option('--optimiser <name>', 'l-bfgs or adam', PAINT_DEFAULTS.optimiser)
    .option('--seed <n>', 'of the noise', '1')
    .option('--keep-colours', 'take over brushwork, not colours')
    .option('--mask <picture>', 'white: paint; black: leave the content')
    .option('--time-lapse <folder>', 'a picture every few steps')
    .option('--every <steps>', 'for --time-lapse', '5')
    .option('--fresh', 'begin anew, though a painting in work is there')
    .addHelpText(
      'after',
      '\nCtrl-C writes the best so far; the same command goes on from there.\n\nExample:\n  portico art paint --content house.jpg --style starry-night.jpg --out house-by-night.png',
    )
    .action((options: PaintArguments) => run((session) => paintFile(session, options)));
}

async function paintFile(session: Session, options: PaintArguments): Promise<number> {
  const format = formatOf(options.out);
  const request = await requestOf(options);
  const config = session.config();
  const backbone = await openBackbone(session, config);
  const startedMs = session.composition.clock.now();
  const painted = await paintResumably(session, options, request, {
    backbone,
    open: graphOpener(config),
  });
  await writeAtomically(options.out, await encodePicture(painted.picture, format));
  const seconds = (session.composition.clock.now() - startedMs) / 1000;
  const { outcome, curve } = painted;
  session.terminal.result({ outcome, file: options.out, seconds, curve });
  session.terminal.clearBar();
  const last = curve.at(-1);
  session.terminal.say(
    `${outcome === 'finished' ? '✔' : '■'} ${options.out}: ${curve.length} steps, J ${last?.cost.toFixed(3) ?? '-'} (from ${curve[0]?.cost.toFixed(3) ?? '-'}), ${seconds.toFixed(0)} s`,
  );
  return outcome === 'finished' ? EXIT.ok : EXIT.interrupted;
}

/** Paints with checkpoints beside the result, which go when it is finished. */
async function paintResumably(
  session: Session,
  options: PaintArguments,
  request: PaintRequest,
  tools: Pick<PaintOptions, 'backbone' | 'open'>,
): Promise<Painted> {
  const { terminal, signal } = session;
  const [file, key] = [`${options.out}.painting`, requestKey(request)];
  const stored =
    options.fresh === true ? { kind: 'none' as const } : await readCheckpoint(file, key);
  if (stored.kind === 'damaged' || stored.kind === 'other') {
    terminal.note(
      `${file} is ${stored.kind === 'other' ? 'of another painting' : 'damaged'}: begun anew`,
    );
  }
  const frames = await timeLapse(options);
  const painted = await paint(request, {
    ...tools,
    signal,
    ...(stored.kind === 'found' ? { resumeFrom: stored.checkpoint } : {}),
    onCheckpoint: (checkpoint) => writeCheckpoint(file, key, checkpoint),
    onStep: async (step, picture) => {
      terminal.bar('painting', shareDone(step, request.settings), `J ${step.cost.toFixed(3)}`);
      await frames(step, picture);
    },
  });
  if (painted.outcome === 'finished') await rm(file, { force: true });
  return painted;
}

function shareDone({ level, step }: PaintStep, { levels }: PaintSettings): number {
  const total = levels.reduce((sum, { steps }) => sum + steps, 0);
  const before = levels.slice(0, level).reduce((sum, { steps }) => sum + steps, 0);
  return (before + step + 1) / total;
}

async function timeLapse({ timeLapse: folder, every }: PaintArguments) {
  const interval = values.whole('--every', every, 1, 1000);
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  return async ({ level, step }: PaintStep, picture: () => Picture): Promise<void> => {
    if (folder === undefined || step % interval !== 0) return;
    const name = `${level}-${String(step).padStart(4, '0')}.jpg`;
    await writeAtomically(join(folder, name), await encodePicture(picture(), 'jpeg'));
  };
}

async function requestOf(options: PaintArguments): Promise<PaintRequest> {
  const content = await readPicture(options.content);
  const [first, ...rest] = await Promise.all(options.style.map(styleOf));
  if (first === undefined) return values.misuse('--style needs a picture');
  const mask = options.mask === undefined ? undefined : await readPicture(options.mask);
  return {
    content,
    styles: [first, ...rest],
    ...(mask === undefined ? {} : { mask: resizePlanes(greyPlane(mask), mask, content) }),
    settings: settingsOf(options),
  };
}

/** `file` or `file:share`. */
async function styleOf(text: string): Promise<Style> {
  const [, path = text, share = '1'] = /^(.*):(\d*\.?\d+)$/.exec(text) ?? [];
  return { picture: await readPicture(path), share: values.real('--style', share, 1e-3, 1e3) };
}

function settingsOf(options: PaintArguments): PaintSettings {
  const size = values.whole('--size', options.size, 64, 2048);
  const steps = values.whole('--steps', options.steps, 1, 10_000);
  const coarse = { longSidePx: Math.min(size, 256), steps };
  const fine = { longSidePx: size, steps: Math.ceil(steps / 2) };
  return {
    ...PAINT_DEFAULTS,
    levels: size > 256 ? [coarse, fine] : [coarse],
    weights: {
      content: values.real('--content-weight', options.contentWeight, 0, 1e6),
      style: values.real('--style-weight', options.styleWeight, 0, 1e6),
      totalVariation: values.real('--smoothness', options.smoothness, 0, 1e6),
    },
    styleScale: values.real('--style-scale', options.styleScale, 0.1, 10),
    seed: values.whole('--seed', options.seed, 0, 2 ** 31),
    start: values.oneOf('--start', options.start, ['content', 'noise', 'style']),
    optimiser: values.oneOf('--optimiser', options.optimiser, ['l-bfgs', 'adam']),
    keepColours: options.keepColours === true,
  };
}

const formatOf = (path: string): PictureFormat =>
  pictureFormat(path) ?? values.misuse(`--out ${path} must end in .png, .jpg or .webp`);
