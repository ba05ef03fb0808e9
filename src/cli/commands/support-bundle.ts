import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { PorticoError } from '../../domain/errors.ts';
import { writeBundle } from '../../support/write-bundle.ts';
import { gatherSupport } from '../gather-support.ts';
import { parseCount } from '../parse-count.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

interface BundleOptions {
  readonly out?: string;
  readonly log?: string;
  readonly kernelLog?: string;
  readonly lines: number;
  readonly dryRun?: boolean;
}

export function addSupportBundleCommand(program: Command, run: RunCommand): void {
  program
    .command('support-bundle')
    .description('one archive for whoever helps from afar, without anything about people')
    .option('--out <file>', 'where it goes (default: a new file in the folder for temporary ones)')
    .option('--log <file>', 'the log of the gate, where it is not in the journal (pm2)')
    .option('--kernel-log <file>', 'what dmesg printed, where only root may ask it')
    .option('--lines <count>', 'newest lines of the log that go in', parseCount, 2000)
    .option('--dry-run', 'list what would go in, and write nothing')
    .addHelpText('after', '\nExample:\n  portico support-bundle --dry-run')
    .action((options: BundleOptions) => run((session) => bundle(session, options)));
}

async function bundle(session: Session, options: BundleOptions): Promise<number> {
  const { terminal, composition } = session;
  const entries = await gatherSupport(session, session.config(), {
    log: options.log,
    kernelLog: options.kernelLog,
    lines: options.lines,
  });
  const files = entries.map(({ name, text }) => ({ name, bytes: Buffer.byteLength(text) }));
  const stamp = new Date(composition.clock.wall()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const path = options.out ?? join(tmpdir(), `portico-support-${stamp}.tar.gz`);
  const isWritten = options.dryRun !== true;
  if (isWritten) await write(path, entries);
  terminal.result({ path: isWritten ? path : undefined, files });
  terminal.say(
    terminal.table(
      ['file', 'bytes'],
      files.map(({ name, bytes }) => [name, String(bytes)]),
    ),
  );
  terminal.say(isWritten ? `written: ${path}` : 'nothing was written');
  return EXIT.ok;
}

async function write(
  path: string,
  entries: Awaited<ReturnType<typeof gatherSupport>>,
): Promise<void> {
  try {
    await writeBundle(path, basename(path).replace(/\.tar\.gz$|\.tgz$/, ''), entries);
  } catch (cause) {
    throw new PorticoError('PORTICO_USAGE', {
      message: `${path} cannot be written`,
      remedy: 'Name a file that is not there yet, in a folder that this user may write.',
      cause,
    });
  }
}
