import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { openSeatKeys } from '../../messaging/seat/seat-keys.ts';
import type { SiteFolder } from '../../office/site-folder.ts';
import { withSite } from '../at-site.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

export function addSiteShowCommand(site: Command, run: RunCommand): void {
  site
    .command('show')
    .description('who belongs to the site and what this seat may do, without asking the broker')
    .addHelpText('after', '\nExample:\n  portico site show --site ~/harbour')
    .action(() => run((session) => withSite(session, (folder) => show(session, folder))));
}

async function show(session: Session, folder: SiteFolder): Promise<number> {
  const { terminal, composition } = session;
  const { seat } = folder;
  const { signer, trust } = await openSeatKeys(seat);
  const book = folder.openBook();
  const me = trust.administrators().find(({ kid }) => kid === signer.kid);
  const overview = {
    site: seat.site,
    folder: folder.path,
    broker: seat.broker.url,
    seat: signer.kid,
    roles: me?.roles ?? [],
    rootKey: existsSync(folder.rootPath) ? 'here' : 'elsewhere',
    trustEpoch: trust.epoch,
    rosterEpoch: book.head?.epoch ?? 0,
    people: book.set().count,
    administrators: trust.administrators(),
    gates: trust.gateIds(),
  };
  terminal.result(overview);
  const now = composition.clock.wall();
  const rows = overview.administrators.map(({ kid, roles, validUntilMs }) => [
    kid.slice(0, 12) + (kid === signer.kid ? ' (you)' : ''),
    roles.join(', '),
    validUntilMs === undefined
      ? 'until revoked'
      : `${validUntilMs <= now ? 'ended ' : 'until '}${new Date(validUntilMs).toISOString()}`,
  ]);
  terminal.say(
    [
      `${terminal.style('bold', seat.site)}  ${folder.path}`,
      `broker      ${seat.broker.url}`,
      `you may     ${overview.roles.join(', ')}`,
      `root key    ${overview.rootKey === 'here' ? 'in this folder: keep a copy elsewhere' : 'not in this folder'}`,
      `roster      ${overview.people} people, epoch ${overview.rosterEpoch}, as last seen here`,
      `gates       ${overview.gates.length === 0 ? 'none' : overview.gates.join(', ')}`,
      '',
      terminal.table(['administrator', 'roles', 'valid'], rows),
    ].join('\n'),
  );
  return EXIT.ok;
}
