import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ProtocolError } from '../domain/errors.ts';
import type { WallMs } from '../domain/units.ts';
import {
  addAdministrator,
  foundSite,
  type NewAdministrator,
  provisionGate,
  seatFileOf,
} from '../messaging/site/found-site.ts';
import type { BrokerAddress, GatePassport, SeatFile } from '../messaging/site/site-files.ts';
import { ROLES } from '../messaging/site/trust-list.ts';
import { adoptRoot } from './adopt-root.ts';
import { writePrivately } from './private-file.ts';
import { writeRevocations } from './revocations.ts';
import { SiteFolder } from './site-folder.ts';
import {
  authorityNameOf,
  type Credential,
  createAuthority,
  issueCertificate,
} from './tls/certificates.ts';

/** What the shipped broker configuration calls the site. */
const SITE_PLACEHOLDER = /SITE/g;
/** Names that the access list gives to people and to the broker. */
const RESERVED_NAMES = ['administrator', 'auditor', 'broker'];

/** A certificate from the operator's own authority, for one client. */
export interface OwnTls {
  /** Certificates that vouch for the broker. */
  readonly authority: string;
  readonly credential: Credential;
}

export interface NewSite {
  readonly path: string;
  readonly site: string;
  /** mqtts://host:port, or mqtt:// for a broker on this machine. */
  readonly url: string;
  readonly now: WallMs;
  /** Absent: an authority is made, and with it the broker's files. */
  readonly ownTls?: OwnTls;
  /** The shipped mosquitto.conf and mosquitto.acl. */
  readonly brokerFiles: { readonly configuration: string; readonly accessList: string };
}

/**
 * Founds a site: its root key, the seat of the first administrator, who may do everything, and, where
 * the operator has no authority of his own, certificates and configuration for a mosquitto.
 * @throws PORTICO_SITE_FILE
 */
export async function foundOffice(request: NewSite): Promise<SiteFolder> {
  const { path, site, url, now, ownTls } = request;
  const isEncrypted = url.startsWith('mqtts:');
  const authority =
    isEncrypted && ownTls === undefined ? createAuthority(authorityNameOf(site), now) : undefined;
  const added = await addAdministrator(await foundSite(site), {
    roles: [...ROLES],
  });
  const tls = !isEncrypted
    ? undefined
    : ownTls === undefined
      ? issuedTls(authority, { site, commonName: 'administrator', now })
      : { authority: ownTls.authority, ...ownTls.credential };
  const broker: BrokerAddress = { url, ...(tls === undefined ? {} : { tls }) };
  const { file, keys } = added;
  const folder = SiteFolder.create(path, await seatFileOf(file, { ...keys, broker, now }));
  folder.saveRoot(file);
  if (authority !== undefined) {
    folder.saveAuthority(authority);
    writeBrokerFiles(folder.brokerPath, authority, request);
    if (tls !== undefined) await folder.issued.note(keys.signingKey, tls.certificate);
    writeRevocations(folder, file, now);
  }
  return folder;
}

export interface NewSeat extends NewAdministrator {
  readonly now: WallMs;
  readonly credential?: Credential;
}

/**
 * A seat for another administrator or auditor, to be carried to them and joined there.
 * The trust list has changed: publish the keys.
 * @throws PORTICO_SITE_FILE
 */
export async function inviteToSite(folder: SiteFolder, request: NewSeat): Promise<SeatFile> {
  const { now, credential, ...administrator } = request;
  const { file, keys } = await addAdministrator(folder.readRoot(), administrator);
  const isAuditor = administrator.roles.every((role) => role === 'audit');
  const commonName = isAuditor ? 'auditor' : 'administrator';
  const broker = addressFor(folder, { commonName, now, credential });
  const seat = await seatFileOf(file, { ...keys, broker, now });
  if (credential === undefined && broker.tls !== undefined) {
    await folder.issued.note(keys.signingKey, broker.tls.certificate);
  }
  await adoptRoot(folder, file, now);
  return seat;
}

export interface NewGate {
  readonly gateId: string;
  readonly now: WallMs;
  /** Of the head in force; 0 without one. */
  readonly headEpoch: number;
  /** From the operator's own authority; absent: issued here. */
  readonly credential?: Credential;
}

/**
 * Everything that one gate needs to join, as one secret file. A gate that is there already gets new
 * keys, and its old ones count no more. The trust list has changed: publish the keys.
 * @throws PORTICO_SITE_FILE
 */
export async function provisionGateOf(folder: SiteFolder, gate: NewGate): Promise<GatePassport> {
  const { gateId, now, headEpoch, credential } = gate;
  if (RESERVED_NAMES.includes(gateId)) throw reserved(gateId);
  const broker = addressFor(folder, { commonName: gateId, now, credential });
  const made = await provisionGate(folder.readRoot(), { gateId, broker, now, headEpoch });
  if (credential === undefined && broker.tls !== undefined) {
    await folder.issued.note(made.passport.signingKey, broker.tls.certificate);
  }
  await adoptRoot(folder, made.file, now);
  return made.passport;
}

function addressFor(
  folder: SiteFolder,
  client: {
    readonly commonName: string;
    readonly now: WallMs;
    readonly credential: Credential | undefined;
  },
): BrokerAddress {
  const { broker, site } = folder.seat;
  const { commonName, now, credential } = client;
  if (broker.tls === undefined) return broker;
  const { authority } = broker.tls;
  const tls =
    credential === undefined
      ? issuedTls(folder.readAuthority(), { site, commonName, now })
      : { authority, ...credential };
  return { url: broker.url, tls };
}

function issuedTls(
  authority: Credential | undefined,
  client: { readonly site: string; readonly commonName: string; readonly now: WallMs },
): NonNullable<BrokerAddress['tls']> {
  const { site, commonName, now } = client;
  if (authority === undefined) throw noAuthority(commonName);
  const issued = issueCertificate(authority, {
    commonName,
    authorityName: authorityNameOf(site),
    use: { kind: 'client' },
    now,
  });
  return { authority: authority.certificate, ...issued };
}

function writeBrokerFiles(
  folder: string,
  authority: Credential,
  { site, url, now, brokerFiles }: NewSite,
): void {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const broker = issueCertificate(authority, {
    commonName: 'broker',
    authorityName: authorityNameOf(site),
    use: { kind: 'broker', host },
    now,
  });
  mkdirSync(folder, { mode: 0o700 });
  const listener = `listener ${port === '' ? '8883' : port}`;
  const files: Readonly<Record<string, string>> = {
    'authority.crt': authority.certificate,
    'broker.crt': broker.certificate,
    'broker.key': broker.privateKey,
    'mosquitto.conf': brokerFiles.configuration.replace('listener 8883', listener),
    'mosquitto.acl': brokerFiles.accessList.replace(SITE_PLACEHOLDER, site),
  };
  for (const [name, text] of Object.entries(files)) writePrivately(join(folder, name), text);
}

const reserved = (gateId: string): ProtocolError =>
  new ProtocolError('PORTICO_SITE_FILE', {
    message: `no gate may be called ${gateId}: the broker's access list means somebody else by it`,
    remedy: 'Give the gate another id.',
    context: { gateId },
  });

const noAuthority = (commonName: string): ProtocolError =>
  new ProtocolError('PORTICO_SITE_FILE', {
    message: `the certificate for ${commonName} cannot be issued: the authority's key is not here`,
    remedy:
      'Put authority.crt and authority.key back into the folder, or bring a certificate with --certificate and --key.',
    context: { commonName },
  });
