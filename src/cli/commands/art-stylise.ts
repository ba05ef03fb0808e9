import { mkdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Command } from 'commander';
import { FastPainter } from '../../art/fast-painter.ts';
import { readPainter } from '../../art/painter-model.ts';
import { pictureFiles } from '../../art/photo-folder.ts';
import { pictureOf, resizePicture, sizeWithin } from '../../art/picture.ts';
import { encodePicture, pictureFormat, readPicture, rgbBytes } from '../../art/picture-file.ts';
import { writeAtomically } from '../../art/sealed-file.ts';
import { type PainterStyle, shippedPainterDir } from '../../inference/painter-file.ts';
import { graphOpener } from '../open-backbone.ts';
import { OptionValues } from '../option-values.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

const values = new OptionValues('portico art stylise');

interface StyliseArguments {
  readonly style: readonly string[];
  readonly out: string;
  readonly painter?: string;
  readonly size: string;
}

/** One picture to paint, and where it goes. */
interface Job {
  readonly from: string;
  readonly to: string;
}

/** @param art the `portico art` command */
export function addStyliseCommand(art: Command, run: RunCommand): void {
  art
    .command('stylise')
    .description('paint pictures with the fast painter')
    .argument(
      '<picture-or-folder>',
      'a folder is painted whole: the frames of a clip, for instance',
    )
    .requiredOption('--style <name...>', 'one or more, each with a share: udnie:0.5')
    .requiredOption('--out <file-or-folder>')
    .option('--painter <folder>', 'what `portico art train` wrote; default: the shipped one')
    .option('--size <px>', 'longer side of the result', '640')
    .addHelpText(
      'after',
      '\nExample:\n  portico art stylise house.jpg --style starry-night:0.7 udnie:0.3 --out painted.jpg',
    )
    .action((from: string, options: StyliseArguments) =>
      run((session) => stylise(session, from, options)),
    );
}

async function stylise(session: Session, from: string, options: StyliseArguments): Promise<number> {
  const { terminal, signal } = session;
  const config = session.config();
  const longSidePx = values.whole('--size', options.size, 32, 4096);
  const model = readPainter(
    options.painter ?? shippedPainterDir(session.composition.modelsDir(config)),
  );
  const weights = weightsOf(options.style, model.styles);
  const jobs = await jobsOf(from, options.out);
  const painter = await FastPainter.open(model, {
    open: graphOpener(config),
    size: { widthPx: 64, heightPx: 64 },
  });
  let done = 0;
  try {
    for (const job of jobs) {
      if (signal.aborted) break;
      terminal.bar('painting', done / jobs.length, basename(job.from));
      await paintFile(painter, weights, job, longSidePx);
      done += 1;
    }
  } finally {
    await painter.close();
  }
  terminal.clearBar();
  terminal.result({ painted: jobs.slice(0, done).map(({ to }) => to), of: jobs.length });
  terminal.say(`${done === jobs.length ? '✔' : '■'} ${options.out}: ${done} of ${jobs.length}`);
  return done === jobs.length ? EXIT.ok : EXIT.interrupted;
}

async function paintFile(
  painter: FastPainter,
  weights: Float32Array,
  { from, to }: Job,
  longSidePx: number,
): Promise<void> {
  const format = pictureFormat(to) ?? values.misuse(`${to} must end in .png, .jpg or .webp`);
  const content = await readPicture(from);
  const picture = resizePicture(content, sizeWithin(content, longSidePx));
  const { widthPx, heightPx } = picture;
  const rgb = await painter.paint(rgbBytes(picture), widthPx, heightPx, weights);
  await writeAtomically(to, await encodePicture(pictureOf({ rgb, widthPx, heightPx }), format));
}

async function jobsOf(from: string, out: string): Promise<readonly Job[]> {
  const isFolder = await stat(from).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    await mkdir(dirname(out), { recursive: true });
    return [{ from, to: out }];
  }
  const files = await pictureFiles([from]);
  if (files.length === 0) return values.misuse(`${from} holds no pictures`);
  await mkdir(out, { recursive: true });
  return files.map((file) => ({
    from: file,
    to: join(out, `${basename(file, extname(file))}.jpg`),
  }));
}

/** `name` or `name:share`, each a style of the painter. */
function weightsOf(texts: readonly string[], styles: readonly PainterStyle[]): Float32Array {
  const weights = new Float32Array(styles.length);
  for (const text of texts) {
    const [, wanted = text, share = '1'] = /^(.*):(\d*\.?\d+)$/.exec(text) ?? [];
    const names = styles.map(({ name }) => name);
    const index = names.indexOf(values.oneOf('--style', wanted, names));
    weights[index] = values.real('--style', share, 1e-3, 1e3);
  }
  return weights;
}
