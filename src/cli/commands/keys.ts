import type { Command } from 'commander';
import { revokeKey } from '../../messaging/site/found-site.ts';
import { parseKeysFile, type SiteFile } from '../../messaging/site/site-files.ts';
import { adoptRoot } from '../../office/adopt-root.ts';
import { writePrivately } from '../../office/private-file.ts';
import {
  beginRotation,
  endRotation,
  keysFileOf,
  otherReaders,
  renewSigningKey,
  sealUnderNewest,
  takeKeys,
} from '../../office/rotate-keys.ts';
import type { SiteFolder } from '../../office/site-folder.ts';
import { type AtDesk, atDeskOf, withPeopleOf, withSite, withSiteDesk } from '../at-site.ts';
import { readGiven } from '../read-given.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

const CARRIED_FILE = 'new-keys.json';

export function addKeysCommands(program: Command, run: RunCommand): void {
  const keys = program.command('keys').description('other keys for a site');
  keys
    .command('rotate')
    .description('a new content key: every record is sealed anew; can be interrupted and run again')
    .option('--out <file>', 'what other administrators need, if there are any', CARRIED_FILE)
    .addHelpText(
      'after',
      '\nAfter a gate or an administrator was revoked, and once a year.' +
        '\n\nExample:\n  portico keys rotate --site ~/harbour',
    )
    .action(({ out }: { out: string }) => run((session) => rotate(session, out)));
  keys
    .command('take')
    .description('take over a new content key that the holder of the root key made')
    .argument('<file>', 'from `portico keys rotate`')
    .addHelpText('after', '\nExample:\n  portico keys take new-keys.json --site ~/harbour')
    .action((file: string) => run((session) => take(session, file)));
  keys
    .command('retire')
    .description('old content keys open nothing any more: when every administrator has the new one')
    .addHelpText('after', '\nExample:\n  portico keys retire --site ~/harbour')
    .action(() => run((session) => withSiteDesk(session, (at) => retire(session, at))));
  keys
    .command('renew')
    .description('other keys for this seat; what the old one signed is signed anew')
    .addHelpText('after', '\nExample:\n  portico keys renew --site ~/harbour')
    .action(() => run((session) => withSite(session, (folder) => renew(session, folder))));
}

function rotate(session: Session, out: string): Promise<number> {
  const { terminal, composition } = session;
  const { clock } = composition;
  return withSite(session, async (folder) => {
    const file = await beginRotation(folder, clock.wall());
    return atDeskOf(session, folder, async ({ desk }) => {
      const unreadable = await sealUnderNewest(desk, file, (done, total) => {
        terminal.bar('sealing anew', done / total, `${done} of ${total}`);
        session.signal.throwIfAborted();
      });
      terminal.clearBar();
      const others = await otherReaders(folder, file);
      if (others === 0) await endRotation(folder, desk, clock.wall());
      else await carry(session, out, file);
      const people = desk.book.set().count;
      terminal.result({ people, unreadable, others, isRetired: others === 0 });
      terminal.say(`the roster is sealed under a new key: ${people} people`);
      terminal.say(
        others === 0
          ? 'the old key opens nothing any more'
          : `carry ${out} by hand to ${others} other administrator(s): portico keys take ${out}; then here: portico keys retire`,
      );
      if (unreadable > 0) terminal.note(`${unreadable} records could not be opened and stay`);
      return unreadable > 0 ? EXIT.no : EXIT.ok;
    });
  });
}

async function carry({ composition }: Session, out: string, file: SiteFile): Promise<void> {
  const keys = await keysFileOf(file, composition.clock.wall());
  writePrivately(out, `${JSON.stringify(keys, null, 2)}\n`);
}

function take(session: Session, file: string): Promise<number> {
  return withSite(session, async (folder) => {
    await takeKeys(
      folder,
      parseKeysFile(readGiven(file, 'Name the file that `portico keys rotate` made.')),
    );
    session.terminal.result({ site: folder.seat.site, keys: folder.seat.contentKeys.length });
    session.terminal.say(`this seat has the new key; now delete ${file}`);
    return EXIT.ok;
  });
}

async function retire(session: Session, { folder, desk }: AtDesk): Promise<number> {
  await endRotation(folder, desk, session.composition.clock.wall());
  session.terminal.result({ isRetired: true });
  session.terminal.say('the old keys open nothing any more');
  return EXIT.ok;
}

async function renew(session: Session, folder: SiteFolder): Promise<number> {
  const { terminal, composition } = session;
  const now = composition.clock.wall();
  const old = await renewSigningKey(folder, now);
  return atDeskOf(session, folder, async (at) => {
    await at.desk.publishKeys(folder.readRoot());
    const signed = await withPeopleOf(session, at, async ({ people }) => {
      const concerned = await people.signAnew(old, (done, total) =>
        terminal.bar('signing anew', done / total, `${done} of ${total}`),
      );
      terminal.clearBar();
      return concerned.length;
    });
    const changed = revokeKey(folder.readRoot(), old);
    await adoptRoot(folder, changed, composition.clock.wall());
    await at.desk.publishKeys(changed);
    await at.desk.publishHead();
    terminal.result({ signedAnew: signed });
    terminal.say(`this seat has another key; ${signed} records were signed anew`);
    return EXIT.ok;
  });
}
