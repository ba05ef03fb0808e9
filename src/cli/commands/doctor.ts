import type { Command } from 'commander';
import { examine } from '../examine.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { renderTable } from '../table.ts';
import { EXIT } from '../terminal.ts';

const MARK = { ok: '✔', warning: '!', failed: '✖' } as const;

export function addDoctorCommand(program: Command, run: RunCommand): void {
  program
    .command('doctor')
    .description('try everything the gate needs; exit 1 if something failed')
    .addHelpText('after', '\nExample:\n  portico doctor --json')
    .action(() => run(show));
}

async function show(session: Session): Promise<number> {
  const { terminal } = session;
  const checks = await examine(session, session.config());
  terminal.result(checks);
  const rows = checks.map(({ part, outcome, detail, fix }) => [
    `${MARK[outcome]} ${part}`,
    detail,
    fix,
  ]);
  terminal.say(renderTable(['part', 'what was found', 'what to do'], rows));
  return checks.some(({ outcome }) => outcome === 'failed') ? EXIT.no : EXIT.ok;
}
