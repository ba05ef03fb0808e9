import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { PorticoError } from '../../domain/errors.ts';
import { openPeopleStore, withPeople } from '../people-store.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

const BACKUP = /^portico-\d{8}T\d{6}Z\.db$/;

export function addStoreCommands(program: Command, run: RunCommand): void {
  const store = program.command('store').description('the store of people and events');
  store
    .command('check')
    .description('open it, which checks every page and every seal; exit 3 if it is damaged')
    .action(() => run(check));
  store
    .command('backup')
    .argument('<folder>', 'where the copy goes; the key does not go with it')
    .option('--keep <count>', 'delete older copies beyond this many', '14')
    .description('copy it while the gate runs; names and faces stay sealed in the copy')
    .action((folder: string, { keep }: { keep: string }) =>
      run((session) => backUp(session, folder, keep)),
    );
}

async function check(session: Session): Promise<number> {
  return withPeople(session, async (store, config) => {
    const identities = store.identities();
    const people = identities.length;
    const templates = identities.reduce(
      (sum, { identityId }) => sum + store.templatesOf(identityId).length,
      0,
    );
    session.terminal.result({ path: config.store.path, people, templates });
    session.terminal.say(`${config.store.path}: intact, ${people} people, ${templates} templates`);
    return EXIT.ok;
  });
}

async function backUp(session: Session, folder: string, keepText: string): Promise<number> {
  const keep = Number(keepText);
  if (!Number.isInteger(keep) || keep < 1) {
    throw new PorticoError('PORTICO_USAGE', {
      message: `--keep ${keepText} is not a count`,
      remedy: 'Keep at least one copy.',
    });
  }
  const { clock } = session.composition;
  const stamp = new Date(clock.wall()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const path = join(folder, `portico-${stamp}.db`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const store = openPeopleStore(session.config(), clock, false);
  try {
    await store.backup(path);
  } finally {
    store.close();
  }
  const copies = readdirSync(folder).filter((name) => BACKUP.test(name));
  const outdated = copies.sort().slice(0, -keep);
  for (const name of outdated) rmSync(join(folder, name));
  session.terminal.result({ path, deleted: outdated });
  session.terminal.say(`copied to ${path}; ${outdated.length} older copies deleted`);
  return EXIT.ok;
}
