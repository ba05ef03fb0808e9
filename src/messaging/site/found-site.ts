import { ProtocolError } from '../../domain/errors.ts';
import type { WallMs } from '../../domain/units.ts';
import {
  createContentKey,
  createSealingKey,
  createSigningKey,
  keyIdOf,
  type PrivateSealingKey,
  type PrivateSigningKey,
  recipientOf,
  signerOf,
} from '../envelope/keys.ts';
import { sealFor } from '../envelope/sealing.ts';
import { signDocument } from '../envelope/signing.ts';
import type { ContentKeysDocument } from './content-keys-document.ts';
import type { BrokerAddress, GatePassport, SeatFile, SiteFile } from './site-files.ts';
import type { Administrator, Role, TrustList } from './trust-list.ts';

/*
 * Everything that needs the root key. Each function takes the site's file as a value and returns
 * the next one, with a higher epoch where the trust list changed: store it, then publish
 * `trustListOf` and, when gates or content keys changed, `contentKeysFor` each gate.
 */

/** A new site with its root key and first content key, and nobody in it. */
export async function foundSite(site: string): Promise<SiteFile> {
  return {
    schemaVersion: 1,
    kind: 'portico-site',
    site,
    root: await createSigningKey(),
    trustEpoch: 1,
    administrators: [],
    gates: [],
    revoked: [],
    contentKeys: [createContentKey()],
  };
}

export interface NewAdministrator {
  readonly roles: readonly [Role, ...Role[]];
  readonly validUntilMs?: WallMs;
}

/** What one administrator's seat is made of. Secret. */
export interface AdministratorKeys {
  readonly signingKey: PrivateSigningKey;
  /** With the role audit. */
  readonly sealingKey?: PrivateSealingKey;
}

/** Adds an administrator; the private keys belong in their seat file and nowhere else. */
export async function addAdministrator(
  file: SiteFile,
  { roles, validUntilMs }: NewAdministrator,
): Promise<{ readonly file: SiteFile; readonly keys: AdministratorKeys }> {
  const signingKey = await createSigningKey();
  const sealingKey = roles.includes('audit') ? await createSealingKey() : undefined;
  const administrator: Administrator = {
    kid: await keyIdOf('Ed25519', signingKey.x),
    x: signingKey.x,
    roles: [...roles],
    ...(sealingKey === undefined ? {} : { sealing: await sealingHalf(sealingKey) }),
    ...(validUntilMs === undefined ? {} : { validUntilMs }),
  };
  const administrators = [...file.administrators, administrator];
  const keys = { signingKey, ...(sealingKey === undefined ? {} : { sealingKey }) };
  return { file: next(file, { administrators }), keys };
}

/** From now on nothing that this key signed counts; what it signed before must be signed anew. */
export function revokeKey(file: SiteFile, kid: string): SiteFile {
  return next(file, {
    administrators: file.administrators.filter((administrator) => administrator.kid !== kid),
    gates: file.gates.filter((gate) => gate.kid !== kid),
    revoked: [...new Set([...file.revoked, kid])],
  });
}

/** A new content key seals from now on; the old ones still open what they sealed. */
export function rotateContentKey(file: SiteFile): SiteFile {
  return next(file, { contentKeys: [createContentKey(), ...file.contentKeys].slice(0, 8) });
}

/** Old content keys open nothing any more: after every record was sealed anew. */
export function retireContentKeys(file: SiteFile): SiteFile {
  return next(file, { contentKeys: file.contentKeys.slice(0, 1) });
}

/** The signed trust list of the file as it is. */
export async function trustListOf(file: SiteFile, now: WallMs): Promise<string> {
  const list: TrustList = {
    schemaVersion: 1,
    kind: 'trust-list',
    site: file.site,
    epoch: file.trustEpoch,
    issuedAtMs: now,
    administrators: file.administrators,
    gates: file.gates.map(({ gateId, kid, x }) => ({ gateId, kid, x })),
    revoked: file.revoked,
  };
  return signDocument('trust-list', list, await signerOf(file.root));
}

/** The site's content keys, sealed for one gate. @throws PORTICO_SITE_FILE for an unknown gate */
export async function contentKeysFor(file: SiteFile, gateId: string, now: WallMs): Promise<string> {
  const gate = file.gates.find((known) => known.gateId === gateId);
  if (gate === undefined) {
    throw new ProtocolError('PORTICO_SITE_FILE', {
      message: `the site ${file.site} has no gate ${gateId}`,
      remedy: 'Provision the gate first.',
      context: { gateId },
    });
  }
  const document: ContentKeysDocument = {
    schemaVersion: 1,
    kind: 'content-keys',
    site: file.site,
    gateId,
    epoch: file.trustEpoch,
    issuedAtMs: now,
    keys: file.contentKeys,
  };
  const signed = await signDocument('content-keys', document, await signerOf(file.root));
  return sealFor('content-keys', signed, await recipientOf(gate.sealing));
}

export interface SeatRequest extends AdministratorKeys {
  readonly broker: BrokerAddress;
  readonly now: WallMs;
}

/** The file for one administrator's computer. Auditors get no content key. */
export async function seatFileOf(
  file: SiteFile,
  { signingKey, sealingKey, broker, now }: SeatRequest,
): Promise<SeatFile> {
  const kid = await keyIdOf('Ed25519', signingKey.x);
  const roles = file.administrators.find((known) => known.kid === kid)?.roles ?? [];
  const isReader = roles.some((role) => role !== 'audit');
  return {
    schemaVersion: 1,
    kind: 'portico-seat',
    site: file.site,
    broker,
    root: await publicRoot(file),
    signingKey,
    ...(sealingKey === undefined ? {} : { sealingKey }),
    contentKeys: isReader ? file.contentKeys : [],
    trustList: await trustListOf(file, now),
  };
}

export interface GateRequest {
  readonly gateId: string;
  readonly broker: BrokerAddress;
  readonly now: WallMs;
  /** Of the head in force; a gate takes no older one. */
  readonly headEpoch: number;
}

/** Adds a gate, or gives it new keys when it is there already, and makes the file that it needs. */
export async function provisionGate(
  file: SiteFile,
  { gateId, broker, now, headEpoch }: GateRequest,
): Promise<{ readonly file: SiteFile; readonly passport: GatePassport }> {
  const own = await createSigningKey();
  const sealing = await createSealingKey();
  const replaced = file.gates.filter((gate) => gate.gateId === gateId);
  const gate = {
    gateId,
    kid: await keyIdOf('Ed25519', own.x),
    x: own.x,
    sealing: await sealingHalf(sealing),
  };
  const changed = next(file, {
    gates: [...file.gates.filter((known) => known.gateId !== gateId), gate],
    revoked: [...new Set([...file.revoked, ...replaced.map(({ kid }) => kid)])],
  });
  const passport: GatePassport = {
    schemaVersion: 1,
    kind: 'portico-gate',
    site: file.site,
    gateId,
    broker,
    root: await publicRoot(file),
    signingKey: own,
    sealingKey: sealing,
    trustList: await trustListOf(changed, now),
    contentKeys: await contentKeysFor(changed, gateId, now),
    minimumHeadEpoch: headEpoch,
  };
  return { file: changed, passport };
}

/** The public half, with its id. */
const sealingHalf = async ({ x }: PrivateSealingKey) => ({ kid: await keyIdOf('X25519', x), x });

async function publicRoot({ root }: SiteFile): Promise<SeatFile['root']> {
  return { kid: await keyIdOf('Ed25519', root.x), x: root.x };
}

const next = (file: SiteFile, change: Partial<SiteFile>): SiteFile => ({
  ...file,
  ...change,
  trustEpoch: file.trustEpoch + 1,
});
