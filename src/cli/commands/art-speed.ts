import { memoryUsage } from 'node:process';
import type { Command } from 'commander';
import { FastPainter } from '../../art/fast-painter.ts';
import {
  PAINTER_PORTS,
  type PainterModel,
  painterGraph,
  readPainter,
} from '../../art/painter-model.ts';
import type { PictureSize } from '../../art/painting-graph.ts';
import type { Config } from '../../config/schema.ts';
import { shippedPainterDir } from '../../inference/painter-file.ts';
import { unmeasuredThreads } from '../../inference/thread-choice.ts';
import { graphOpener } from '../open-backbone.ts';
import { OptionValues } from '../option-values.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

const values = new OptionValues('portico art speed');
const SIZES: readonly PictureSize[] = [
  { widthPx: 256, heightPx: 256 },
  { widthPx: 512, heightPx: 384 },
  { widthPx: 640, heightPx: 480 },
];
const WARM_UP_RUNS = 2;
const MEBIBYTE = 1024 * 1024;

interface SpeedArguments {
  readonly painter?: string;
  readonly runs: string;
}

/** Times of one picture, of painter and bare net in turn. */
interface SpeedRow extends PictureSize {
  readonly medianMs: number;
  readonly bestMs: number;
  readonly framesPerSecond: number;
  /** The painter's time over the bare net's beside it: the median of all pairs. */
  readonly ratioToNet: number;
  readonly residentMiB: number;
}

/** @param art the `portico art` command */
export function addSpeedCommand(art: Command, run: RunCommand): void {
  art
    .command('speed')
    .description('pictures per second of the fast painter, beside the bare run of its net')
    .option('--painter <folder>', 'default: the shipped one')
    .option('--runs <n>', 'of each size', '20')
    .addHelpText('after', '\nExample:\n  portico art speed --json')
    .action((options: SpeedArguments) => run((session) => measure(session, options)));
}

async function measure(session: Session, options: SpeedArguments): Promise<number> {
  const { terminal } = session;
  const config = session.config();
  const runs = values.whole('--runs', options.runs, 3, 100_000);
  const model = readPainter(
    options.painter ?? shippedPainterDir(session.composition.modelsDir(config)),
  );
  const rows: SpeedRow[] = [];
  for (const [index, size] of SIZES.entries()) {
    session.signal.throwIfAborted();
    terminal.bar('painting', index / SIZES.length, `${size.widthPx} x ${size.heightPx}`);
    rows.push(await speedAt(session, config, model, { size, runs }));
  }
  terminal.clearBar();
  const threads = unmeasuredThreads(config.inference.threads);
  terminal.result({ threads, runs, rows });
  terminal.say(
    terminal.table(
      ['size', 'frames/s', 'median', 'best', 'over bare net', 'resident'],
      rows.map((row) => [
        `${row.widthPx} x ${row.heightPx}`,
        row.framesPerSecond.toFixed(1),
        `${row.medianMs.toFixed(0)} ms`,
        `${row.bestMs.toFixed(0)} ms`,
        row.ratioToNet.toFixed(2),
        `${row.residentMiB.toFixed(0)} MiB`,
      ]),
    ),
  );
  return EXIT.ok;
}

/** In turn, so that what the machine does besides hits both alike. */
async function speedAt(
  { composition: { clock } }: Session,
  config: Config,
  model: PainterModel,
  { size, runs }: { readonly size: PictureSize; readonly runs: number },
): Promise<SpeedRow> {
  const { widthPx, heightPx } = size;
  const open = graphOpener(config);
  const painter = await FastPainter.open(model, { open, size });
  const bare = await open(painterGraph(model, size));
  const rgb = Uint8Array.from({ length: 3 * widthPx * heightPx }, (_, index) => (index * 31) % 256);
  const weights = new Float32Array(model.design.styles).fill(1);
  const feeds = {
    [PAINTER_PORTS.pixels]: new Float32Array(rgb.length).fill(0.5),
    [PAINTER_PORTS.styleWeights]: weights,
  };
  const times = { painter: [] as number[], bare: [] as number[] };
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const beganMs = clock.now();
    await work();
    return clock.now() - beganMs;
  };
  try {
    for (let index = 0; index < runs + WARM_UP_RUNS; index++) {
      const paintedMs = await timed(() => painter.paint(rgb, widthPx, heightPx, weights));
      const bareMs = await timed(() => bare.run(feeds));
      if (index < WARM_UP_RUNS) continue;
      times.painter.push(paintedMs);
      times.bare.push(bareMs);
    }
  } finally {
    await painter.close();
    await bare.close();
  }
  const medianMs = median(times.painter);
  return {
    ...size,
    medianMs,
    bestMs: Math.min(...times.painter),
    framesPerSecond: 1000 / medianMs,
    ratioToNet: median(times.painter.map((ms, index) => ms / (times.bare[index] ?? Number.NaN))),
    residentMiB: memoryUsage.rss() / MEBIBYTE,
  };
}

const median = (times: readonly number[]): number =>
  times.toSorted((left, right) => left - right)[Math.floor(times.length / 2)] ?? Number.NaN;
