import type { Command } from 'commander';
import type { NumberedEvent } from '../../domain/events.ts';
import type { Store } from '../../gallery/store.ts';
import type { EventFit } from '../../messaging/seat/event-follower.ts';
import { passingArchive } from '../../office/passing-archive.ts';
import { type ReportedEvent, readEvent } from '../../office/read-event.ts';
import { keepHeadFresh } from '../../office/renew-head.ts';
import type { SiteFolder } from '../../office/site-folder.ts';
import { type AtDesk, atDeskOf, withSite } from '../at-site.ts';
import { OptionValues } from '../option-values.ts';
import { countFrom } from '../parse-count.ts';
import { withPeople } from '../people-store.ts';
import { renderEvent } from '../render-event.ts';
import type { RunCommand } from '../run-command.ts';
import { type PictureRequest, savePicture } from '../save-picture.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';

interface EventOptions {
  readonly follow?: boolean;
  readonly last: number;
  readonly gate?: string;
  readonly picture?: number;
  readonly out?: string;
}

const LOOK_EVERY_MS = 500;
const MOST = Number.MAX_SAFE_INTEGER;
const READ_AT_ONCE = 500;

export function addEventsCommand(program: Command, run: RunCommand): void {
  program
    .command('events')
    .description('what happened at the door, or with --site at every door')
    .option('--last <count>', 'so many of each gate', countFrom(0, 100_000), 20)
    .option('--gate <id>', 'with a site: of this gate only')
    .option('--picture <number>', 'with a site: the picture of this event', countFrom(1, MOST))
    .option('--out <file>', 'where that picture is written, in the clear')
    .option('-f, --follow', 'go on; with a site, an auditor’s seat keeps them and gives receipts')
    .addHelpText(
      'after',
      '\nWith --json: one event a line.\n\nExamples:\n  portico events --last 100' +
        '\n  portico events --follow --site ~/harbour' +
        '\n  portico events --picture 41 --gate front-door --out face.jpg --site ~/harbour',
    )
    .action((options: EventOptions) =>
      run((session) => {
        const picture = pictureOf(options);
        if (picture !== undefined) {
          return withSite(session, (folder) => savePicture(session, folder, picture));
        }
        return session.site === undefined
          ? eventsHere(session, options)
          : withSite(session, (folder) => eventsOfSite(session, folder, options));
      }),
    );
}

/** @throws PORTICO_USAGE for a part of the question without the others */
function pictureOf({ picture, gate, out }: EventOptions): PictureRequest | undefined {
  if (picture === undefined && out === undefined) return undefined;
  if (picture !== undefined && gate !== undefined && out !== undefined) {
    return { picture, gate, out };
  }
  return new OptionValues('portico events').misuse(
    '--picture, --gate and --out belong together: which event, of which gate, into which file',
  );
}

function show({ terminal }: Session, event: ReportedEvent | undefined, remark = ''): void {
  if (event === undefined) return;
  terminal.line(event);
  terminal.say(renderEvent(event, terminal) + remark);
}

function eventsHere(session: Session, { last, follow }: EventOptions): Promise<number> {
  return withPeople(session, async (store, config) => {
    let number = Math.max(0, store.outboxRange().last - last);
    do {
      for (const event of newEvents(store, number)) {
        show(session, ownEvent(config.gate.id, event));
        number = event.number;
      }
      if (follow === true) await pause(session);
    } while (follow === true && !session.signal.aborted);
    return EXIT.ok;
  });
}

function* newEvents(store: Store, after: number): Iterable<NumberedEvent> {
  let number = after;
  for (;;) {
    const some = store.eventsAfter(number, READ_AT_ONCE);
    yield* some;
    if (some.length < READ_AT_ONCE) return;
    number = some.at(-1)?.number ?? number;
  }
}

function ownEvent(gateId: string, { number, atMs, event }: NumberedEvent): ReportedEvent {
  const { type, ...fields } = event;
  return { gateId, streamId: '', number, atMs, type, fields };
}

async function pause({ composition, signal }: Session): Promise<void> {
  await composition.clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
}

async function eventsOfSite(
  session: Session,
  folder: SiteFolder,
  { last, follow, gate }: EventOptions,
): Promise<number> {
  const gates = gate === undefined ? folder.archive.gateIds() : [gate];
  const kept = gates
    .flatMap((gateId) => folder.archive.tail(gateId, last))
    .flatMap((line) => readEvent(line) ?? [])
    .sort((left, right) => left.atMs - right.atMs);
  for (const event of kept) show(session, event);
  if (follow !== true) {
    if (kept.length === 0) session.terminal.note('nothing is kept here; --follow fetches events');
    return EXIT.ok;
  }
  return atDeskOf(session, folder, (at) => followSite(session, at, gate));
}

async function followSite(
  session: Session,
  { folder, desk }: AtDesk,
  gate: string | undefined,
): Promise<number> {
  const { composition, terminal, signal } = session;
  const isAuditor = desk.roles().includes('audit');
  if (!isAuditor) terminal.note('this seat is no auditor’s: events are shown and not kept');
  await desk.followEvents(
    isAuditor ? folder.archive : passingArchive,
    {
      onEvent: (document, fit) => {
        if (gate !== undefined && document.gateId !== gate) return;
        if (fit !== 'duplicate' && fit !== 'gap') show(session, readEvent(document), REMARK[fit]);
      },
    },
    { givesReceipts: isAuditor, pictures: isAuditor ? folder.pictures : undefined },
  );
  void keepHeadFresh(desk, composition.clock, signal);
  await untilStopped(signal);
  return EXIT.ok;
}

const REMARK: Readonly<Record<Exclude<EventFit, 'duplicate' | 'gap'>, string>> = {
  first: '',
  next: '',
  'new-stream': '  (a new numbering: the gate has a new store)',
  'after-loss': '  (events before it are lost)',
  'broken-chain': '  (THE CHAIN IS BROKEN: a record was altered at the gate)',
};
