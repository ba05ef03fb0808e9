import { rmSync } from 'node:fs';
import type { Command } from 'commander';
import { threadsFile } from '../../runtime/vision-from-config.ts';
import { examine } from '../examine.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

const MARK = { ok: '✔', warning: '!', failed: '✖' } as const;

interface DoctorOptions {
  readonly measureThreads?: boolean;
}

export function addDoctorCommand(program: Command, run: RunCommand): void {
  program
    .command('doctor')
    .description('try everything the gate needs; exit 1 if something failed')
    .option('--measure-threads', 'forget with how many threads each network was fastest here')
    .addHelpText('after', '\nExample:\n  portico doctor --json')
    .action((options: DoctorOptions) => run((session) => show(session, options)));
}

async function show(session: Session, options: DoctorOptions): Promise<number> {
  const { terminal } = session;
  const config = session.config();
  // For a machine that was busy when it measured; opening the networks below measures anew.
  if (options.measureThreads === true) rmSync(threadsFile(config), { force: true });
  const checks = await examine(session, config);
  terminal.result(checks);
  const rows = checks.map(({ part, outcome, detail, fix }) => [
    `${MARK[outcome]} ${part}`,
    detail,
    fix,
  ]);
  terminal.say(terminal.table(['part', 'what was found', 'what to do'], rows));
  return checks.some(({ outcome }) => outcome === 'failed') ? EXIT.no : EXIT.ok;
}
