import type { Command } from 'commander';
import { runTrialGates } from '../../evaluation/site/run-trial-gates.ts';
import { createLogger } from '../../logging/logger.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

/** @param bench the `portico bench` command */
export function addSiteGatesCommand(bench: Command, run: RunCommand): void {
  bench
    .command('site-gates <folder>', { hidden: true })
    .description('gates of `bench site`, which starts this; orders on standard input')
    .addHelpText('after', '\nExample:\n  portico bench site-gates stores < orders.jsonl')
    .action((folder: string) => run((session) => runGates(session, folder)));
}

async function runGates({ composition }: Session, folder: string): Promise<number> {
  await runTrialGates({
    folder,
    orders: process.stdin,
    onNews: (news) => void process.stdout.write(`${JSON.stringify(news)}\n`),
    clock: composition.clock,
    logger: createLogger('error', { write: (line) => void process.stderr.write(line) }),
  });
  return EXIT.ok;
}
