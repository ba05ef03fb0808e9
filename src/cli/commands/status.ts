import type { Command } from 'commander';
import { askStatus } from '../ask-gate.ts';
import { renderStatus } from '../render-status.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

const RENEW_EVERY_MS = 1_000;
const CLEAR_SCREEN = '\u001b[2J\u001b[H';

interface StatusOptions {
  readonly once?: boolean;
  readonly seeing?: boolean;
}

export function addStatusCommand(program: Command, run: RunCommand): void {
  program
    .command('status')
    .description('how the running gate is, live; exit 1 if it has stalled')
    .option('--once', 'say it once (also: --json, or no terminal)')
    .option('--seeing', 'exit 1 as well while it has no models to see with')
    .action((options: StatusOptions) => run((session) => show(session, options)));
}

async function show(session: Session, { once, seeing }: StatusOptions): Promise<number> {
  const { terminal, signal, composition } = session;
  const config = session.config();
  if (once === true || terminal.json || !terminal.interactive) {
    const report = await askStatus(config);
    terminal.result(report);
    terminal.say(renderStatus(report, terminal));
    const isBlind = seeing === true && report.provider === 'none';
    return report.condition === 'stalled' || isBlind ? EXIT.no : EXIT.ok;
  }
  while (!signal.aborted) {
    const page = await askStatus(config).then(
      (report) => renderStatus(report, terminal),
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    terminal.say(`${CLEAR_SCREEN}${page}\n\nCtrl-C ends this page, not the gate.`);
    await composition.clock.sleep(RENEW_EVERY_MS, signal).catch(() => undefined);
  }
  return EXIT.ok;
}
