import type { Command } from 'commander';
import { PorticoError } from '../../domain/errors.ts';
import { wallMs } from '../../domain/units.ts';
import { enrolPhotos } from '../enrol-photos.ts';
import { openPeopleStore, withPeople } from '../people-store.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { renderTable } from '../table.ts';
import { EXIT } from '../terminal.ts';

export interface EnrolOptions {
  readonly name?: string;
  readonly validFrom?: string;
  readonly validUntil?: string;
  readonly schedule?: string;
}

export function addPeopleCommands(program: Command, run: RunCommand): void {
  program
    .command('enrol')
    .alias('enroll')
    .description('make templates of a person from photographs; the photographs are not kept')
    .argument('<id>', 'opaque id of the person: letters, digits, . _ : -')
    .argument('<photo...>', 'one photograph or more of this person alone')
    .option('--name <name>', 'shown to operators, stored encrypted (default: the id)')
    .option('--valid-from <date>', 'access begins, ISO 8601')
    .option('--valid-until <date>', 'access ends, ISO 8601')
    .option('--schedule <name>', 'a schedule of the policy')
    .addHelpText(
      'after',
      '\nExample:\n  portico enrol ada ada.jpg --name "Ada L." --valid-until 2027-06-30',
    )
    .action((id: string, photos: string[], options: EnrolOptions) =>
      run((session) => enrol(session, id, photos, options)),
    );
  const people = program.command('people').description('who is enrolled');
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
    .command('rm')
    .argument('<id...>')
    .description('delete people: their key, name and templates leave the files')
    .addHelpText('after', '\nExample:\n  portico people rm ada bob')
    .action((ids: string[]) => run((session) => removePeople(session, ids)));
}

async function enrol(
  session: Session,
  identityId: string,
  photos: readonly string[],
  options: EnrolOptions,
): Promise<number> {
  const config = session.config();
  const store = openPeopleStore(config, session.composition.clock, true);
  try {
    const outcome = await enrolPhotos(session, config, store, {
      identity: {
        identityId,
        name: options.name ?? identityId,
        ...(options.validFrom === undefined ? {} : { validFromMs: instant(options.validFrom) }),
        ...(options.validUntil === undefined ? {} : { validUntilMs: instant(options.validUntil) }),
        ...(options.schedule === undefined ? {} : { scheduleId: options.schedule }),
      },
      photos: photos.map((path) => ({ label: path, picture: path })),
    });
    session.terminal.result(outcome);
    session.terminal.say(
      `${outcome.change === 'enrolled' ? 'enrolled' : 'more templates for'} ${identityId}: ` +
        `${outcome.photos} photograph(s), ${outcome.templates} template(s)`,
    );
    return EXIT.ok;
  } finally {
    store.close();
  }
}

function instant(text: string): ReturnType<typeof wallMs> {
  const value = Date.parse(text);
  if (Number.isFinite(value)) return wallMs(value);
  throw new PorticoError('PORTICO_USAGE', {
    message: `"${text}" is not a date`,
    remedy: 'Write dates as 2027-06-30 or 2027-06-30T18:00:00+02:00.',
  });
}

async function listPeople(session: Session): Promise<number> {
  return withPeople(session, async (store) => {
    const people = store.identities().map((identity) => ({
      ...identity,
      templates: store.templatesOf(identity.identityId).length,
    }));
    session.terminal.result(people);
    if (people.length === 0) session.terminal.say('nobody is enrolled');
    else {
      const rows = people.map(({ identityId, name, templates, scheduleId, validUntilMs }) => [
        identityId,
        String(templates),
        scheduleId ?? '',
        validUntilMs === undefined ? '' : new Date(validUntilMs).toISOString(),
        name,
      ]);
      session.terminal.say(renderTable(['id', 'templates', 'schedule', 'until', 'name'], rows));
    }
    return EXIT.ok;
  });
}

async function showPerson(session: Session, id: string): Promise<number> {
  return withPeople(session, async (store) => {
    const identity = store.identity(id);
    if (identity === undefined) {
      session.terminal.note(`nobody is enrolled as ${id}`);
      session.terminal.result(null);
      return EXIT.no;
    }
    const templates = store
      .templatesOf(id)
      .map(({ templateId, modelId, enrolledAtMs }) => ({ templateId, modelId, enrolledAtMs }));
    session.terminal.result({ ...identity, templates });
    session.terminal.say(`${id}  ${identity.name}`);
    const rows = templates.map(({ modelId, enrolledAtMs }) => [
      modelId,
      new Date(enrolledAtMs).toISOString(),
    ]);
    session.terminal.say(renderTable(['encoder', 'enrolled'], rows));
    return EXIT.ok;
  });
}

async function removePeople(session: Session, ids: readonly string[]): Promise<number> {
  return withPeople(session, async (store) => {
    const unknown = ids.find((id) => store.identity(id) === undefined);
    if (unknown !== undefined) throw nobodyIs(unknown);
    const removed = [...new Set(ids)].map((identityId) => {
      const erasure = store.deleteIdentity(identityId);
      store.append({ type: 'roster.changed', identityId, change: 'deleted' });
      return { identityId, erasure };
    });
    session.terminal.result(removed);
    for (const { identityId, erasure } of removed) {
      const detail =
        erasure === 'erased'
          ? 'nothing of them is left in the files'
          : 'the rest leaves the files as soon as no other process reads them';
      session.terminal.say(`deleted ${identityId}: ${detail}`);
    }
    return EXIT.ok;
  });
}

const nobodyIs = (identityId: string): PorticoError =>
  new PorticoError('PORTICO_STORE_UNKNOWN_IDENTITY', {
    message: `nobody is enrolled as ${identityId}; nobody was deleted`,
    remedy: '`portico people ls` lists the ids in use.',
    context: { identityId },
  });
