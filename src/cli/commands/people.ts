import type { Command } from 'commander';
import { PorticoError } from '../../domain/errors.ts';
import type { Identity } from '../../domain/identity.ts';
import type { TemplateRecord } from '../../gallery/gallery-builder.ts';
import { changedIdentity, type IdentityChange } from '../changed-identity.ts';
import { withRoster } from '../roster.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

export function addPeopleCommands(program: Command, run: RunCommand): void {
  const people = program
    .command('people')
    .description('who is enrolled: at this gate, or with --site in the whole site');
  people
    .command('ls')
    .description('list everybody')
    .addHelpText('after', '\nExample:\n  portico people ls --json')
    .action(() => run(listPeople));
  people
    .command('show')
    .argument('<id>')
    .description('one person and the encoders that know them')
    .addHelpText('after', '\nExample:\n  portico people show ada')
    .action((id: string) => run((session) => showPerson(session, id)));
  people
    .command('edit')
    .argument('<id>')
    .description('another name, validity or schedule; the templates stay')
    .option('--name <name>', 'shown to operators')
    .option('--valid-from <date>', 'access begins, ISO 8601; "none": at once')
    .option('--valid-until <date>', 'access ends, ISO 8601; "none": when the person is deleted')
    .option('--schedule <name>', 'a schedule of the policy; "none": the policy’s default')
    .addHelpText(
      'after',
      '\nExample:\n  portico people edit ada --valid-until 2027-12-31 --schedule office',
    )
    .action((id: string, change: IdentityChange) =>
      run((session) => editPerson(session, id, change)),
    );
  people
    .command('rm')
    .argument('<id...>')
    .description('delete people: their key, name and templates leave the files')
    .addHelpText('after', '\nExample:\n  portico people rm ada bob')
    .action((ids: string[]) => run((session) => removePeople(session, ids)));
}

function listPeople(session: Session): Promise<number> {
  return withRoster(session, (roster) => {
    const people = roster.identities().map((identity) => ({
      ...identity,
      templates: roster.templatesOf(identity.identityId).length,
    }));
    session.terminal.result(people);
    if (people.length === 0) session.terminal.say('nobody is enrolled');
    else {
      const rows = people.map(({ templates, ...identity }) => rowOf(identity, templates));
      session.terminal.say(
        session.terminal.table(['id', 'templates', 'schedule', 'from', 'until', 'name'], rows),
      );
    }
    return Promise.resolve(EXIT.ok);
  });
}

const rowOf = (identity: Identity, templates: number): readonly string[] => [
  identity.identityId,
  String(templates),
  identity.scheduleId ?? '',
  dateOf(identity.validFromMs),
  dateOf(identity.validUntilMs),
  identity.name,
];

const dateOf = (atMs: number | undefined): string =>
  atMs === undefined ? '' : new Date(atMs).toISOString();

function showPerson(session: Session, id: string): Promise<number> {
  return withRoster(
    session,
    (roster) => {
      const identity = roster.identity(id);
      if (identity === undefined) {
        session.terminal.note(`nobody is enrolled as ${id}`);
        session.terminal.result(null);
        return Promise.resolve(EXIT.no);
      }
      const templates = roster.templatesOf(id).map(withoutOwner);
      session.terminal.result({ ...identity, templates });
      session.terminal.say(`${id}  ${identity.name}${validityWords(identity)}`);
      const rows = templates.map(({ modelId, enrolledAtMs }) => [modelId, dateOf(enrolledAtMs)]);
      session.terminal.say(session.terminal.table(['encoder', 'enrolled'], rows));
      return Promise.resolve(EXIT.ok);
    },
    [id],
  );
}

function validityWords({ validFromMs, validUntilMs, scheduleId }: Identity): string {
  const words = [
    ...(validFromMs === undefined ? [] : [`from ${dateOf(validFromMs)}`]),
    ...(validUntilMs === undefined ? [] : [`until ${dateOf(validUntilMs)}`]),
    ...(scheduleId === undefined ? [] : [`schedule ${scheduleId}`]),
  ];
  return words.length === 0 ? '' : `\n${words.join(', ')}`;
}

const withoutOwner = ({ templateId, modelId, enrolledAtMs }: TemplateRecord) => ({
  templateId,
  modelId,
  enrolledAtMs,
});

function editPerson(session: Session, id: string, change: IdentityChange): Promise<number> {
  return withRoster(
    session,
    async (roster) => {
      const before = roster.identity(id);
      if (before === undefined) throw nobodyIs(id, 'nothing was changed');
      const identity = changedIdentity(before, change);
      await roster.update(identity);
      session.terminal.result(identity);
      session.terminal.say(`changed ${id}`);
      return EXIT.ok;
    },
    [id],
  );
}

function removePeople(session: Session, ids: readonly string[]): Promise<number> {
  return withRoster(
    session,
    async (roster) => {
      const unknown = ids.find((id) => roster.identity(id) === undefined);
      if (unknown !== undefined) throw nobodyIs(unknown, 'nobody was deleted');
      const removed: { identityId: string; erasure: string }[] = [];
      for (const identityId of new Set(ids)) {
        const erasure = await roster.remove(identityId);
        removed.push({ identityId, erasure });
        session.terminal.say(`deleted ${identityId}: ${WORDS[erasure]}`);
      }
      session.terminal.result(removed);
      return EXIT.ok;
    },
    ids,
  );
}

const WORDS = {
  erased: 'nothing of them is left in the files',
  'erasure-pending': 'the rest leaves the files as soon as no other process reads them',
  revoked: 'every gate refuses and forgets them as soon as it hears of it',
} as const;

const nobodyIs = (identityId: string, and: string): PorticoError =>
  new PorticoError('PORTICO_STORE_UNKNOWN_IDENTITY', {
    message: `nobody is enrolled as ${identityId}; ${and}`,
    remedy: '`portico people ls` lists the ids in use.',
    context: { identityId },
  });
