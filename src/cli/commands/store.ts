import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { assertNever } from '../../domain/assert-never.ts';
import { PorticoError } from '../../domain/errors.ts';
import { forgetOlderCopies } from '../../gallery/older-copy.ts';
import { type StepBack, stepBack } from '../../gallery/step-back.ts';
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
  store
    .command('step-back')
    .description(
      'make a store that a newer release has changed readable for this one (gate stopped)',
    )
    .addHelpText('after', '\nExample:\n  portico store step-back')
    .action(() => run(goBack));
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

async function goBack({ config, terminal }: Session): Promise<number> {
  const { path } = config().store;
  if (!existsSync(path)) {
    terminal.result({ kind: 'not-needed' });
    terminal.say(`there is no store at ${path}`);
    return EXIT.ok;
  }
  const outcome = stepBack(path);
  terminal.result(outcome);
  terminal.say(`${path}: ${describe(outcome)}`);
  return EXIT.ok;
}

function describe(outcome: StepBack): string {
  switch (outcome.kind) {
    case 'not-needed':
      return 'this release reads it as it is';
    case 'stripped':
      return `from schema ${outcome.from} to ${outcome.version}; nothing is lost`;
    case 'restored':
      return `schema ${outcome.version} as it was before the upgrade; what was written since is in ${outcome.newerPath} only`;
    default:
      return assertNever(outcome);
  }
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
  const config = session.config();
  const store = openPeopleStore(config, clock, false);
  try {
    await store.backup(path);
  } finally {
    store.close();
  }
  const copies = readdirSync(folder).filter((name) => BACKUP.test(name));
  const outdated = copies.sort().slice(0, -keep);
  for (const name of outdated) rmSync(join(folder, name));
  forgetOlderCopies(config.store.path, clock.wall());
  session.terminal.result({ path, deleted: outdated });
  session.terminal.say(`copied to ${path}; ${outdated.length} older copies deleted`);
  return EXIT.ok;
}
