import { freemem } from 'node:os';
import type { Command } from 'commander';
import { renderTable } from '../../evaluation/render-table.ts';
import { measureSearch, type SearchSpeed } from '../../evaluation/search-speed.ts';
import { seededRandom } from '../../numeric/random.ts';
import { countFrom } from '../parse-count.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

interface SearchOptions {
  readonly templates: readonly number[];
  readonly dimension: number;
}

const SEED = 1;
const SIZES = [1_000, 10_000, 100_000, 1_000_000];
/** Float32, and the byte that is searched. */
const BYTES_PER_NUMBER = 5;
/** What an array can have in one piece, with its bytes. */
const MOST_BYTES = 5e9;
/** Left for the rest of the machine. */
const MEMORY_SHARE = 0.8;

export function addBenchSearchCommand(bench: Command, run: RunCommand): void {
  bench
    .command('search')
    .description('an exact search among many templates, beside reading their memory once')
    .option('--templates <counts>', 'numbers of templates, with commas', parseCounts, SIZES)
    .option('--dimension <D>', 'numbers in a template', parseSize, 512)
    .addHelpText('after', '\nExample:\n  portico bench search --templates 1000,10000')
    .action((options: SearchOptions) =>
      run((session) => Promise.resolve(benchSearch(session, options))),
    );
}

const parseSize = countFrom(2, 10_000_000);
const parseCounts = (text: string): readonly number[] => text.split(',').map(parseSize);

function benchSearch({ composition, terminal, signal }: Session, options: SearchOptions): number {
  const { templates, dimension } = options;
  const speeds: SearchSpeed[] = [];
  for (const count of templates) {
    if (signal.aborted) return EXIT.interrupted;
    const bytes = BYTES_PER_NUMBER * count * dimension;
    if (bytes > Math.min(MOST_BYTES, freemem() * MEMORY_SHARE)) {
      terminal.say(`  ${count} templates take ${(bytes / 1e9).toFixed(1)} GB: left out here`);
      continue;
    }
    terminal.bar('measuring', speeds.length / templates.length, `${count} templates`);
    speeds.push(measureSearch(count, dimension, seededRandom(SEED), () => composition.clock.now()));
  }
  terminal.clearBar();
  terminal.result({ dimension, speeds });
  terminal.say(
    renderTable(['templates', 'MiB', 'search', 'anew', 'read once', 'ratio'], rowsOf(speeds)),
  );
  return EXIT.ok;
}

const rowsOf = (speeds: readonly SearchSpeed[]): string[][] =>
  speeds.map(({ templates, megabytes, searchMs, multipliedAnew, readMs, ratio }) => [
    String(templates),
    megabytes.toFixed(0),
    `${searchMs.toFixed(3)} ms`,
    multipliedAnew.toFixed(1),
    `${readMs.toFixed(3)} ms`,
    ratio.toFixed(2),
  ]);
