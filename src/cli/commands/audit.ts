import type { Command } from 'commander';
import { openSeatKeys } from '../../messaging/seat/seat-keys.ts';
import type { TrustRing } from '../../messaging/site/trust-ring.ts';
import { type ArchiveVerdict, verifyArchive } from '../../office/verify-archive.ts';
import { withSite } from '../at-site.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

export function addAuditCommand(program: Command, run: RunCommand): void {
  const audit = program.command('audit').description('whether a record of events can be believed');
  audit
    .command('verify')
    .description(
      'check the chain of a file of events; with --site also every signature; exit 1 if it is broken',
    )
    .argument('<file>', 'as the folder archive of a site holds one for each gate')
    .addHelpText(
      'after',
      '\nWhat was cut off at the end leaves no trace: compare the last number with `portico gates`.' +
        '\n\nExample:\n  portico audit verify ~/harbour/archive/front-door.jsonl',
    )
    .action((file: string) => run((session) => verify(session, file)));
}

async function verify(session: Session, file: string): Promise<number> {
  const { terminal } = session;
  const verdict = await verifyArchive(file, await trustOf(session));
  terminal.result({ isWhole: verdict.breaks.length === 0, ...verdict });
  for (const { line, what } of verdict.breaks) terminal.say(`${file}, line ${line}: ${what}`);
  const isWhole = verdict.breaks.length === 0;
  terminal.say(
    isWhole
      ? terminal.style('green', `the chain is whole: ${words(verdict)}`)
      : terminal.style('red', `the chain is BROKEN: ${words(verdict)}`),
  );
  return isWhole ? EXIT.ok : EXIT.no;
}

function words({ events, first, last, streams, signed }: ArchiveVerdict): string {
  const range =
    first === undefined || last === undefined ? '' : `, number ${first.number} to ${last.number}`;
  const numberings = streams > 1 ? ` in ${streams} numberings` : '';
  const signatures =
    signed === undefined
      ? '; signatures not checked, that needs --site'
      : `; ${signed} signed by a key that the site knows`;
  return `${events} events${range}${numberings}${signatures}`;
}

function trustOf(session: Session): Promise<TrustRing | undefined> {
  if (session.site === undefined) return Promise.resolve(undefined);
  return withSite(session, async ({ seat }) => (await openSeatKeys(seat)).trust);
}
