import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { isIP } from 'node:net';
import type { WallMs } from '../../domain/units.ts';
import {
  bitString,
  integer,
  objectId,
  octetString,
  sequence,
  tagged,
  time,
  trueValue,
} from './der.ts';
import {
  AUTHORITY_KEY_IDENTIFIER,
  critical,
  ECDSA_WITH_SHA256,
  extension,
  keyIdOf,
  nameOf,
  pem,
  publicDer,
  VALID_BEFORE_MS,
  VALID_FOR_MS,
} from './x509-parts.ts';

/** A certificate with its key, both PEM. */
export interface Credential {
  readonly certificate: string;
  readonly privateKey: string;
}

export type CertificateUse =
  | { readonly kind: 'client' }
  /** @property host  name or address under which clients reach the broker */
  | { readonly kind: 'broker'; readonly host: string };

const EXTENSION = {
  subjectKeyIdentifier: objectId('2.5.29.14'),
  keyUsage: objectId('2.5.29.15'),
  subjectAltName: objectId('2.5.29.17'),
  basicConstraints: objectId('2.5.29.19'),
  extendedKeyUsage: objectId('2.5.29.37'),
} as const;
const SERVER_AUTH = objectId('1.3.6.1.5.5.7.3.1');
const CLIENT_AUTH = objectId('1.3.6.1.5.5.7.3.2');
/** Bits of KeyUsage, counted from the left, with the unused ones of the byte. */
const DIGITAL_SIGNATURE = bitString(Buffer.from([0x80]), 7);
const CERT_AND_CRL_SIGN = bitString(Buffer.from([0x06]), 1);

/** Of the authority that the office makes for a site. */
export const authorityNameOf = (site: string): string => `Portico ${site}`;

/** A new authority, which vouches for the broker and the clients of one site and for nobody else. */
export function createAuthority(commonName: string, now: WallMs): Credential {
  const key = newKey();
  const keyId = keyIdOf(key);
  const certificate = sealed({
    issuer: commonName,
    subject: commonName,
    key,
    signer: key,
    now,
    extensions: [
      critical(EXTENSION.basicConstraints, sequence(trueValue(), integer(Buffer.from([0])))),
      critical(EXTENSION.keyUsage, CERT_AND_CRL_SIGN),
      extension(EXTENSION.subjectKeyIdentifier, octetString(keyId)),
    ],
  });
  return { certificate, privateKey: pemOf(key) };
}

export interface CertificateRequest {
  /** What the broker's access list knows the client by. */
  readonly commonName: string;
  readonly use: CertificateUse;
  /** Of the authority, as `createAuthority` was given it. */
  readonly authorityName: string;
  readonly now: WallMs;
}

/** A new key with a certificate by the authority (X.509 v3, P-256; RFC 5280). */
export function issueCertificate(authority: Credential, request: CertificateRequest): Credential {
  const { commonName, use, authorityName, now } = request;
  const key = newKey();
  const signer = createPrivateKey(authority.privateKey);
  const purpose = use.kind === 'broker' ? SERVER_AUTH : CLIENT_AUTH;
  const certificate = sealed({
    issuer: authorityName,
    subject: commonName,
    key,
    signer,
    now,
    extensions: [
      critical(EXTENSION.basicConstraints, sequence()),
      critical(EXTENSION.keyUsage, DIGITAL_SIGNATURE),
      extension(EXTENSION.extendedKeyUsage, sequence(purpose)),
      extension(EXTENSION.subjectKeyIdentifier, octetString(keyIdOf(key))),
      extension(AUTHORITY_KEY_IDENTIFIER, sequence(tagged(0, keyIdOf(signer), false))),
      ...(use.kind === 'broker'
        ? [extension(EXTENSION.subjectAltName, sequence(hostName(use.host)))]
        : []),
    ],
  });
  return { certificate, privateKey: pemOf(key) };
}

interface Draft {
  readonly issuer: string;
  readonly subject: string;
  readonly key: KeyObject;
  readonly signer: KeyObject;
  readonly now: WallMs;
  readonly extensions: readonly Buffer[];
}

function sealed({ issuer, subject, key, signer, now, extensions }: Draft): string {
  const version3 = tagged(0, integer(Buffer.from([2])), true);
  const algorithm = sequence(ECDSA_WITH_SHA256);
  const body = sequence(
    version3,
    integer(serialNumber()),
    algorithm,
    nameOf(issuer),
    sequence(time(now - VALID_BEFORE_MS), time(now + VALID_FOR_MS)),
    nameOf(subject),
    publicDer(key),
    tagged(3, sequence(...extensions), true),
  );
  const whole = sequence(body, algorithm, bitString(sign('sha256', body, signer)));
  return pem('CERTIFICATE', whole);
}

const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** Positive, and shorter than the 20 bytes that are allowed. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}

function hostName(host: string): Buffer {
  const family = isIP(host);
  if (family === 0) return tagged(2, Buffer.from(host, 'latin1'), false);
  return tagged(7, family === 4 ? ipv4(host) : ipv6(host), false);
}

const ipv4 = (host: string): Buffer => Buffer.from(host.split('.').map(Number));

function ipv6(host: string): Buffer {
  const [head = '', tail] = host.split('::');
  const groups = (text: string | undefined): readonly number[] =>
    text === undefined || text === '' ? [] : text.split(':').map((group) => Number(`0x${group}`));
  const before = groups(head);
  const after = groups(tail);
  const all = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}
