import type { Command } from 'commander';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

export function addRelayCommand(program: Command, run: RunCommand): void {
  program
    .command('relay')
    .description('the output that moves the strike')
    .command('release')
    .description('release it and say what it is; for use while the gate does not run')
    .action(() => run(release));
}

async function release(session: Session): Promise<number> {
  const config = session.config();
  const found = await session.composition.releaseRelay(config, session.logger(config));
  session.terminal.result({ relay: found });
  session.terminal.say(found);
  return EXIT.ok;
}
