import { ProtocolError } from '../domain/errors.ts';
import type { WallMs } from '../domain/units.ts';
import { keyIdOf } from '../messaging/envelope/keys.ts';
import { isSealedByNewest } from '../messaging/seat/sealed-entry.ts';
import type { OnProgress, SiteDesk } from '../messaging/seat/site-desk.ts';
import {
  addAdministrator,
  retireContentKeys,
  rotateContentKey,
  seatFileOf,
  trustListOf,
} from '../messaging/site/found-site.ts';
import type { KeysFile, SiteFile } from '../messaging/site/site-files.ts';
import { TrustRing } from '../messaging/site/trust-ring.ts';
import { adoptRoot } from './adopt-root.ts';
import type { SiteFolder } from './site-folder.ts';

const QUIET_MS = 4_000;

/**
 * A new content key from here on, in the site's file and in the own seat; sit down at the desk
 * afterwards, so that it has it. An unfinished rotation goes on with the key that it made.
 * @throws PORTICO_SITE_FILE where the root key is not here
 */
export async function beginRotation(folder: SiteFolder, now: WallMs): Promise<SiteFile> {
  const root = folder.readRoot();
  const entries = [...folder.openBook().entries()];
  const isAllSealed = entries.every(({ payload }) => isSealedByNewest(payload, root.contentKeys));
  const isUnfinished = root.contentKeys.length > 1 && !isAllSealed;
  const file = isUnfinished ? root : rotateContentKey(root);
  await adoptRoot(folder, file, now);
  return file;
}

/**
 * Gives every gate the new key, and seals every record under it.
 * @returns how many records no key of this seat opens
 * @throws PORTICO_ROSTER_INCOMPLETE
 */
export async function sealUnderNewest(
  desk: SiteDesk,
  file: SiteFile,
  onProgress: OnProgress,
): Promise<number> {
  const copy = await desk.followRoster(QUIET_MS);
  if (copy === 'incomplete') throw incomplete();
  await desk.publishKeys(file);
  return desk.sealAnew(onProgress);
}

/** From here on the old keys open nothing. @throws PORTICO_SITE_FILE */
export async function endRotation(folder: SiteFolder, desk: SiteDesk, now: WallMs): Promise<void> {
  const file = retireContentKeys(folder.readRoot());
  await adoptRoot(folder, file, now);
  await desk.publishKeys(file);
}

/** Administrators besides this seat who read records, and so need the new key. */
export async function otherReaders({ seat }: SiteFolder, file: SiteFile): Promise<number> {
  const own = await keyIdOf('Ed25519', seat.signingKey.x);
  const readers = file.administrators.filter(({ roles }) => roles.some((role) => role !== 'audit'));
  return readers.filter(({ kid }) => kid !== own).length;
}

/** What the other administrators need, to be carried to them. */
export const keysFileOf = async (file: SiteFile, now: WallMs): Promise<KeysFile> => ({
  schemaVersion: 1,
  kind: 'portico-keys',
  site: file.site,
  trustList: await trustListOf(file, now),
  contentKeys: file.contentKeys,
});

/** Takes new content keys over into a seat. @throws PORTICO_SITE_FILE when they are not of its site */
export async function takeKeys(folder: SiteFolder, keys: KeysFile): Promise<void> {
  const { seat } = folder;
  const ring = await TrustRing.create(seat.site, seat.root);
  await ring.accept(seat.trustList);
  const verdict = await ring.accept(keys.trustList);
  if (keys.site !== seat.site || verdict.outcome === 'refused') throw notOurs(seat.site);
  const { trustList, contentKeys } = keys;
  folder.saveSeat({ ...seat, trustList, contentKeys });
}

/**
 * Other keys for the own seat, with the same roles; the old signing key counts until it is revoked.
 * @returns the id of the old key
 */
export async function renewSigningKey(folder: SiteFolder, now: WallMs): Promise<string> {
  const root = folder.readRoot();
  const { seat } = folder;
  const old = await keyIdOf('Ed25519', seat.signingKey.x);
  const [first, ...others] = root.administrators.find(({ kid }) => kid === old)?.roles ?? [];
  if (first === undefined) throw notOurs(seat.site);
  const { file, keys } = await addAdministrator(root, { roles: [first, ...others] });
  folder.saveRoot(file);
  folder.saveSeat(await seatFileOf(file, { ...keys, broker: seat.broker, now }));
  // The certificate stays with the seat: it must not be turned away when the old key is revoked.
  const { tls } = seat.broker;
  if (tls !== undefined) await folder.issued.note(keys.signingKey, tls.certificate);
  return old;
}

const incomplete = (): ProtocolError =>
  new ProtocolError('PORTICO_ROSTER_INCOMPLETE', {
    message: 'the broker does not give the roster that its head vouches for: not all can be sealed',
    remedy: 'Run `portico site publish` first, then this again: it goes on where it was.',
  });

const notOurs = (site: string): ProtocolError =>
  new ProtocolError('PORTICO_SITE_FILE', {
    message: `these keys are not of the site ${site}, or older than what this seat has`,
    remedy: 'Take the file that the holder of the root key made last.',
  });
