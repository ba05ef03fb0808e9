import { type Command, InvalidArgumentError } from 'commander';
import { keyIdOf } from '../../messaging/envelope/keys.ts';
import { parseSeatFile } from '../../messaging/site/site-files.ts';
import { ROLES, type Role } from '../../messaging/site/trust-list.ts';
import { writePrivately } from '../../office/private-file.ts';
import { SiteFolder } from '../../office/site-folder.ts';
import { inviteToSite } from '../../office/site-founder.ts';
import { siteOf, withSite } from '../at-site.ts';
import { type OwnCertificate, ownCertificateOf } from '../own-certificate.ts';
import { parseInstant } from '../parse-instant.ts';
import { publishKeys } from '../publish-keys.ts';
import { readGiven } from '../read-given.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

interface InviteOptions extends OwnCertificate {
  readonly roles: readonly [Role, ...Role[]];
  readonly validUntil?: string;
}

export function addSiteJoinCommands(site: Command, run: RunCommand): void {
  site
    .command('invite')
    .description('make the file with which another administrator or auditor joins')
    .argument('<file>', 'to be made; secret, for that person alone')
    .requiredOption(
      '--roles <list>',
      `of ${ROLES.join(', ')}; audit alone reads no people`,
      parseRoles,
    )
    .option('--valid-until <date>', 'the key ends then, ISO 8601')
    .option('--certificate <file>', 'of your own authority: for this administrator')
    .option('--key <file>', 'its key')
    .addHelpText('after', '\nExample:\n  portico site invite bob.seat --roles enrol,operate')
    .action((file: string, options: InviteOptions) =>
      run((session) => invite(session, file, options)),
    );
  site
    .command('join')
    .description('sit down at a site with the file that its founder made')
    .argument('<file>', 'from `portico site invite`')
    .addHelpText('after', '\nExample:\n  portico site join bob.seat --site ~/harbour')
    .action((file: string) => run((session) => join(session, file)));
}

async function invite(session: Session, file: string, options: InviteOptions): Promise<number> {
  const { terminal, composition } = session;
  const { roles, validUntil } = options;
  const credential = ownCertificateOf(options);
  return withSite(session, async (folder) => {
    const seat = await inviteToSite(folder, {
      roles,
      now: composition.clock.wall(),
      ...(validUntil === undefined ? {} : { validUntilMs: parseInstant(validUntil) }),
      ...(credential === undefined ? {} : { credential }),
    });
    writePrivately(file, `${JSON.stringify(seat, null, 2)}\n`);
    const kid = await keyIdOf('Ed25519', seat.signingKey.x);
    const isPublished = await publishKeys(session, folder);
    terminal.result({ file, administrator: kid, roles, isPublished });
    terminal.say(`${file}: administrator ${kid.slice(0, 12)}, may ${roles.join(', ')}`);
    terminal.say(
      'Carry it to them by hand; there: portico site join FILE --site FOLDER. Then delete it.',
    );
    return EXIT.ok;
  });
}

async function join(session: Session, file: string): Promise<number> {
  const seat = parseSeatFile(readGiven(file, 'Name the file that `portico site invite` made.'));
  const folder = SiteFolder.create(siteOf(session), seat);
  folder.close();
  const kid = await keyIdOf('Ed25519', seat.signingKey.x);
  session.terminal.result({ site: seat.site, folder: folder.path, administrator: kid });
  session.terminal.say(`you sit at the site ${seat.site}, in ${folder.path}; now delete ${file}`);
  return EXIT.ok;
}

function parseRoles(text: string): readonly [Role, ...Role[]] {
  const named = text.split(',').map((word) => word.trim());
  const [first, ...others] = ROLES.filter((role) => named.includes(role));
  const isKnown = named.every((word) => ROLES.some((role) => role === word));
  if (first === undefined || !isKnown) throw new InvalidArgumentError(`of ${ROLES.join(', ')}`);
  return [first, ...others];
}
