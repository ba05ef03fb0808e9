import type { Command } from 'commander';
import { PorticoError } from '../../domain/errors.ts';
import { adoptModels } from '../adopt-models.ts';
import { ensureModels } from '../ensure-models.ts';
import { proveModels } from '../prove-models.ts';
import { readModelSet } from '../read-model-set.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
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
  models
    .command('prove')
    .option('--directory <folder>', 'manifests to prove (default: those in force)')
    .description('prepare and open all that the gate needs, and have it know a person again')
    .addHelpText('after', '\nExample:\n  portico models prove')
    .action(({ directory }: { directory?: string }) => run((session) => prove(session, directory)));
  models
    .command('adopt')
    .argument('<folder>', 'with <id>/manifest.json and what else changes')
    .description('prove other models beside those in force, then try them; taken back if they fail')
    .addHelpText('after', '\nExample:\n  portico models adopt ./update')
    .action((folder: string) => run((session) => adopt(session, folder)));
}

async function prove(session: Session, directory: string | undefined): Promise<number> {
  const config = session.config({ models: { directory } });
  const proof = await proveModels(session, config);
  session.terminal.result(proof);
  session.terminal.say(
    `proved: one person reaches ${proof.similarity.toFixed(3)} of ${proof.threshold}`,
  );
  return EXIT.ok;
}

async function adopt(session: Session, folder: string): Promise<number> {
  const { composition, terminal } = session;
  const sets = composition.modelSets(session.config());
  if (sets === undefined) {
    throw new PorticoError('PORTICO_USAGE', {
      message: 'models.directory names a folder of its own',
      remedy: 'Change the manifests in that folder, then restart the gate.',
    });
  }
  const set = sets.build(readModelSet(folder));
  const isProved = await adoptModels(session, sets, { set, by: 'command-line' });
  terminal.result({ set: set.name, outcome: isProved ? 'on-trial' : 'refused' });
  terminal.say(
    isProved
      ? `${set.name} is on trial from the next start on: sudo systemctl restart portico`
      : `${set.name} did not prove itself; nothing has changed`,
  );
  return isProved ? EXIT.ok : EXIT.no;
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
  session.terminal.say(session.terminal.table(['model', 'state', 'source', 'licence'], rows));
  const isComplete = models.every(({ state }) => state === 'prepared');
  return isCheck && !isComplete ? EXIT.no : EXIT.ok;
}
