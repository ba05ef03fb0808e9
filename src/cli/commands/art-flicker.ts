import type { Command } from 'commander';
import { FastPainter } from '../../art/fast-painter.ts';
import { type Flicker, measureFlicker, type Scene } from '../../art/flicker.ts';
import { readPainter } from '../../art/painter-model.ts';
import { readPhotos } from '../../art/photo-folder.ts';
import { shippedPainterDir } from '../../inference/painter-file.ts';
import type { RgbImage } from '../../numeric/sample-image.ts';
import { graphOpener } from '../open-backbone.ts';
import { OptionValues } from '../option-values.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

const values = new OptionValues('portico art flicker');
const WINDOW = { widthPx: 240, heightPx: 240 };
/** Shorter side of the photographs: the window has room to move. */
const SHORT_SIDE_PX = 288;
const FRAMES = 8;
/** In levels of 255: an indoor camera at moderate gain. */
const NOISE = 4;
/** No multiple of what the net halves, so that a grid of its own would show. */
const PAN = { x: 3, y: 1 };
const STILL = { x: 0, y: 0 };

interface FlickerArguments {
  readonly photos: readonly string[];
  readonly painter: readonly string[];
  readonly count: string;
}

interface FlickerRow {
  readonly painter: string;
  readonly style: string;
  readonly still: Flicker;
  readonly panned: Flicker;
}

/** @param art the `portico art` command */
export function addFlickerCommand(art: Command, run: RunCommand): void {
  art
    .command('flicker')
    .description('how restless the fast painter makes a still and a panned scene')
    .requiredOption('--photos <folder...>', 'of which scenes are made')
    .option('--painter <folder...>', 'one or several to compare; default: the shipped one', [])
    .option('--count <n>', 'photographs of each folder', '4')
    .addHelpText('after', '\nExample:\n  portico art flicker --photos photographs --json')
    .action((options: FlickerArguments) => run((session) => compare(session, options)));
}

async function compare(session: Session, options: FlickerArguments): Promise<number> {
  const { terminal } = session;
  const config = session.config();
  const limit = values.whole('--count', options.count, 1, 1000);
  const photos = await readPhotos(options.photos, {
    limit,
    seed: 1,
    shortSidesPx: [SHORT_SIDE_PX],
  });
  const folders =
    options.painter.length > 0
      ? options.painter
      : [shippedPainterDir(session.composition.modelsDir(config))];
  const rows: FlickerRow[] = [];
  for (const folder of folders) {
    const model = readPainter(folder);
    const painter = await FastPainter.open(model, { open: graphOpener(config), size: WINDOW });
    try {
      for (const [index, { name }] of model.styles.entries()) {
        session.signal.throwIfAborted();
        terminal.bar('painting', index / model.styles.length, name);
        const weights = new Float32Array(model.styles.length);
        weights[index] = 1;
        const paint = ({ rgb, widthPx, heightPx }: RgbImage) =>
          painter.paint(rgb, widthPx, heightPx, weights);
        rows.push({ painter: folder, style: name, ...(await bothScenes(photos, paint)) });
      }
    } finally {
      await painter.close();
    }
  }
  terminal.clearBar();
  terminal.result({ frames: FRAMES, noise: NOISE, panPx: PAN, photos: photos.length, rows });
  terminal.say(
    terminal.table(
      ['still', 'panned', 'style', 'painter'],
      rows.map(({ painter, style, still, panned }) => [
        `${still.painted.toFixed(2)} (${still.seen.toFixed(2)})`,
        `${panned.painted.toFixed(2)} (${panned.seen.toFixed(2)})`,
        style,
        painter,
      ]),
    ),
  );
  terminal.say(
    'Levels of 255 between a frame and the one before moved onto it; (the camera’s own).',
  );
  return EXIT.ok;
}

async function bothScenes(
  photos: readonly RgbImage[],
  paint: (frame: RgbImage) => Promise<Uint8Array>,
): Promise<{ readonly still: Flicker; readonly panned: Flicker }> {
  const over = async (stepPx: Scene['stepPx']): Promise<Flicker> => {
    const sums = { seen: 0, painted: 0 };
    for (const [seed, photo] of photos.entries()) {
      const scene = { photo, window: WINDOW, frames: FRAMES, noise: NOISE, stepPx, seed };
      const { seen, painted } = await measureFlicker(scene, paint);
      sums.seen += seen / photos.length;
      sums.painted += painted / photos.length;
    }
    return sums;
  };
  return { still: await over(STILL), panned: await over(PAN) };
}
