import type { Command } from 'commander';
import { modelsNeededBy } from '../../runtime/needed-models.ts';
import { ensureModels } from '../ensure-models.ts';
import { Narrator } from '../narrator.ts';
import { parsePort } from '../parse-port.ts';
import { openPeopleStore } from '../people-store.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';

interface RunOptions {
  readonly camera?: string;
  readonly port?: number;
}

export function addRunCommand(program: Command, run: RunCommand): void {
  program
    .command('run')
    .description('the gate, as configured, until it is stopped')
    .option('--camera <source>', 'instead of the configured one')
    .option('--port <port>', 'of the page; 0 takes a free one', parsePort)
    .addHelpText('after', '\nExample:\n  portico run --camera v4l2:/dev/video0')
    .action((options: RunOptions) => run((session) => runGate(session, options)));
}

async function runGate(session: Session, options: RunOptions): Promise<number> {
  const config = session.config({
    camera: { source: options.camera },
    kiosk: { port: options.port },
  });
  await ensureModels(session, config, modelsNeededBy(config));
  const store = openPeopleStore(config, session.composition.clock, true);
  const logger = session.logger(config);
  const watcher = new Narrator(session.terminal);
  const gate = await session.composition.startGate({ config, store, logger, watcher });
  session.terminal.say(gate.pageUrl === undefined ? 'no page' : `page: ${gate.pageUrl}`);
  await untilStopped(session.signal);
  await gate.close();
  return EXIT.ok;
}
