import type { Command } from 'commander';
import { PorticoError } from '../../domain/errors.ts';
import { keyIdOf } from '../../messaging/envelope/keys.ts';
import { revokeKey } from '../../messaging/site/found-site.ts';
import type { SiteFile } from '../../messaging/site/site-files.ts';
import { adoptRoot } from '../../office/adopt-root.ts';
import { type AtDesk, withPeopleOf, withSiteDesk } from '../at-site.ts';
import { reloadLines } from '../broker-reload.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

export function addSiteRevokeCommand(site: Command, run: RunCommand): void {
  site
    .command('revoke')
    .description('an administrator or a gate counts no more, from now on')
    .argument(
      '<who>',
      'id of a gate, or the beginning of an administrator’s key as `site show` has it',
    )
    .addHelpText(
      'after',
      '\nWhat a revoked administrator enrolled stays, signed anew with your key, and is listed: look it through.' +
        '\n\nExample:\n  portico site revoke 3kQ9vB --site ~/harbour',
    )
    .action((who: string) =>
      run((session) => withSiteDesk(session, (at) => revoke(session, at, who))),
    );
}

interface Revoked {
  readonly kind: 'administrator' | 'gate';
  readonly kid: string;
  readonly name: string;
}

async function revoke(session: Session, at: AtDesk, who: string): Promise<number> {
  const { terminal, composition } = session;
  const { folder, desk } = at;
  const root = folder.readRoot();
  const revoked = find(root, who);
  if (revoked.kid === (await keyIdOf('Ed25519', folder.seat.signingKey.x))) throw itself();
  const signed = revoked.kind === 'gate' ? [] : await signAnew(session, at, revoked.kid);
  const changed = revokeKey(root, revoked.kid);
  await adoptRoot(folder, changed, composition.clock.wall());
  await desk.publishKeys(changed);
  // A head that the revoked key issued counts no more either.
  if ((await desk.readHead()) === undefined && desk.book.head !== undefined) {
    await desk.publishHead();
  }
  terminal.result({ revoked: revoked.name, kind: revoked.kind, signedAnew: signed });
  terminal.say(`${revoked.kind} ${revoked.name} counts no more`);
  if (signed.length > 0) terminal.say(`signed anew, look them through: ${signed.join(', ')}`);
  for (const line of reloadLines(folder)) terminal.say(line);
  terminal.say('It knows the content keys: go on with `portico keys rotate`.');
  return EXIT.ok;
}

/** What the key signed must be signed anew while it can still be read. */
function signAnew(session: Session, at: AtDesk, kid: string): Promise<readonly string[]> {
  return withPeopleOf(session, at, async ({ people }) => {
    const signed = await people.signAnew(kid, (done, total) =>
      session.terminal.bar('signing anew', done / total, `${done}`),
    );
    session.terminal.clearBar();
    return signed;
  });
}

function find({ administrators, gates }: SiteFile, who: string): Revoked {
  const gate = gates.find(({ gateId }) => gateId === who);
  if (gate !== undefined) return { kind: 'gate', kid: gate.kid, name: gate.gateId };
  const [found, another] = administrators.filter(({ kid }) => kid.startsWith(who));
  if (found !== undefined && another === undefined && who.length >= 4) {
    return { kind: 'administrator', kid: found.kid, name: found.kid.slice(0, 12) };
  }
  throw new PorticoError('PORTICO_USAGE', {
    message: `"${who}" is neither a gate nor one administrator of the site; nobody was revoked`,
    remedy: '`portico site show` lists both; give at least four characters of a key.',
  });
}

const itself = (): PorticoError =>
  new PorticoError('PORTICO_USAGE', {
    message: 'a seat cannot revoke itself',
    remedy: 'Put site.json into the folder of another administrator and revoke from there.',
  });
