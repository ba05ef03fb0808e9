import type { Command } from 'commander';
import type { Identity } from '../../domain/identity.ts';
import { gallerySize } from '../../runtime/gallery-size.ts';
import { siteOf } from '../at-site.ts';
import { type BulkOutcome, bulkEnrol } from '../bulk-enrol.ts';
import { enrolAtSite, type SampleSource } from '../enrol-at-site.ts';
import { type EnrolOutcome, enrolPhotos } from '../enrol-photos.ts';
import { countFrom } from '../parse-count.ts';
import { parseInstant } from '../parse-instant.ts';
import { openPeopleStore } from '../people-store.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

export interface PersonOptions {
  readonly name?: string;
  readonly validFrom?: string;
  readonly validUntil?: string;
  readonly schedule?: string;
}

interface EnrolOptions extends PersonOptions {
  readonly from?: string;
  readonly names?: boolean;
  readonly at?: string;
  readonly encodeAt?: string;
  readonly within: number;
}

const EXAMPLES = `
Examples:
  portico enrol ada ada.jpg --name "Ada L." --valid-until 2027-06-30
  portico enrol ada ada.jpg --site ~/harbour                   # for every gate of a site
  portico enrol ada --site ~/harbour --at front-door           # stands before that gate now
  portico enrol ada ada.jpg --site ~/harbour --encode-at front-door
  portico enrol --site ~/harbour --from people.csv             # id,photo,name,valid_until,schedule
  portico enrol --site ~/harbour --from photos --names         # photos/Ada Lovelace.jpg`;

export function addEnrolCommand(program: Command, run: RunCommand): void {
  program
    .command('enrol')
    .alias('enroll')
    .description('make templates of a person from photographs; the photographs are not kept')
    .argument('[id]', 'opaque id of the person: letters, digits, . _ : -')
    .argument('[photo...]', 'one photograph or more of this person alone')
    .option('--name <name>', 'shown to operators, stored encrypted (default: the id)')
    .option('--valid-from <date>', 'access begins, ISO 8601')
    .option('--valid-until <date>', 'access ends, ISO 8601')
    .option('--schedule <name>', 'a schedule of the policy')
    .option('--at <gate>', 'with a site: take the person who stands before this gate')
    .option('--within <seconds>', 'with --at: how long the gate waits', countFrom(1, 120), 45)
    .option('--encode-at <gate>', 'with a site: let this gate encode the photographs')
    .option('--from <list>', 'with a site: everybody in a folder or table; can be interrupted')
    .option('--names', 'with --from: the list has names; ids are made up')
    .addHelpText('after', EXAMPLES)
    .action((id: string | undefined, photos: string[], options: EnrolOptions, command: Command) => {
      const fault = misuseOf(id, photos, options);
      if (fault !== undefined) command.error(`error: ${fault}`);
      return run((session) => enrol(session, { id: id ?? '', photos, options }));
    });
}

function misuseOf(
  id: string | undefined,
  photos: readonly string[],
  { from, at, encodeAt, names }: EnrolOptions,
): string | undefined {
  if (from !== undefined) {
    const isAlone = id === undefined && at === undefined && encodeAt === undefined;
    return isAlone ? undefined : '--from stands alone: the list says who and how';
  }
  if (names === true) return '--names goes with --from';
  if (id === undefined) return "missing required argument 'id'";
  if (at !== undefined) {
    return photos.length === 0 && encodeAt === undefined
      ? undefined
      : '--at takes no photograph: the person stands before the gate';
  }
  return photos.length === 0 ? "missing required argument 'photo'" : undefined;
}

interface Asked {
  readonly id: string;
  readonly photos: readonly string[];
  readonly options: EnrolOptions;
}

async function enrol(session: Session, asked: Asked): Promise<number> {
  const { options } = asked;
  if ((options.from ?? options.at ?? options.encodeAt) !== undefined) siteOf(session);
  if (options.from !== undefined) {
    const areNames = options.names === true;
    return reportBulk(session, await bulkEnrol(session, options.from, { areNames }));
  }
  const identity = identityFrom(asked.id, options);
  const outcome =
    session.site === undefined
      ? await enrolHere(session, identity, asked.photos)
      : await enrolAtSite(session, identity, sourceOf(asked));
  return report(session, outcome);
}

function sourceOf({ photos, options: { at, encodeAt, within } }: Asked): SampleSource {
  if (at !== undefined) return { from: 'capture', gateId: at, withinMs: within * 1_000 };
  if (encodeAt !== undefined) return { from: 'gate', gateId: encodeAt, paths: photos };
  return { from: 'photographs', paths: photos };
}

/** A person as the options describe them. @throws PORTICO_USAGE for a date that is none */
function identityFrom(identityId: string, options: PersonOptions): Identity {
  const { name, validFrom, validUntil, schedule } = options;
  return {
    identityId,
    name: name ?? identityId,
    ...(validFrom === undefined ? {} : { validFromMs: parseInstant(validFrom) }),
    ...(validUntil === undefined ? {} : { validUntilMs: parseInstant(validUntil) }),
    ...(schedule === undefined ? {} : { scheduleId: schedule }),
  };
}

async function enrolHere(
  session: Session,
  identity: Identity,
  photos: readonly string[],
): Promise<EnrolOutcome> {
  const config = session.config();
  const store = openPeopleStore(config, session.composition.clock, true);
  try {
    const outcome = await enrolPhotos(session, config, store, {
      identity,
      photos: photos.map((path) => ({ label: path, picture: path })),
    });
    const size = gallerySize(store.snapshot(), session.composition.policyOf(config));
    if (size.kind !== 'roomy') session.terminal.note(`${size.fault.message}. ${size.fault.remedy}`);
    return outcome;
  } finally {
    store.close();
  }
}

function report({ terminal }: Session, outcome: EnrolOutcome): number {
  const { identityId, photos, templates, change } = outcome;
  terminal.result(outcome);
  terminal.say(
    `${change === 'enrolled' ? 'enrolled' : 'more templates for'} ${identityId}: ` +
      `${photos} photograph(s), ${templates} template(s)`,
  );
  return EXIT.ok;
}

function reportBulk({ terminal }: Session, outcome: BulkOutcome): number {
  const { listed, enrolled, already, deleted, refused, isInterrupted, journal } = outcome;
  terminal.result(outcome);
  const left = listed - enrolled - already - deleted - refused.length;
  terminal.say(
    `${enrolled} enrolled, ${already} were so already, ${refused.length} refused` +
      (deleted > 0 ? `, ${deleted} deleted since` : '') +
      (left > 0 ? `, ${left} not looked at yet: run it again` : ''),
  );
  for (const { entry, text } of refused) terminal.say(`  ${entry}: ${text}`);
  if (refused.length > 0) terminal.say(`mend these and run it again; all outcomes: ${journal}`);
  if (isInterrupted) return EXIT.interrupted;
  return refused.length > 0 ? EXIT.no : EXIT.ok;
}
