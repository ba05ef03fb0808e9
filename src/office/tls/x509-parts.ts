import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { objectId, octetString, sequence, setOf, trueValue, utf8String } from './der.ts';

/*
 * What certificates and lists of revoked ones have in common (RFC 5280).
 */

const DAY_MS = 24 * 3600_000;
export const VALID_FOR_MS = 3653 * DAY_MS;
/** A machine whose clock is not set yet, or a year behind, shall believe what was issued today. */
export const VALID_BEFORE_MS = 400 * DAY_MS;

export const ECDSA_WITH_SHA256 = objectId('1.2.840.10045.4.3.2');
export const AUTHORITY_KEY_IDENTIFIER = objectId('2.5.29.35');
const COMMON_NAME = objectId('2.5.4.3');

export const publicDer = (key: KeyObject): Buffer =>
  createPublicKey(key).export({ type: 'spki', format: 'der' });

/** RFC 7093, method 1, over the whole key information: any rule will do that gives both sides the same. */
export const keyIdOf = (key: KeyObject): Buffer =>
  createHash('sha256').update(publicDer(key)).digest().subarray(0, 20);

export const nameOf = (commonName: string): Buffer =>
  sequence(setOf(sequence(COMMON_NAME, utf8String(commonName))));

export const extension = (id: Buffer, body: Uint8Array): Buffer => sequence(id, octetString(body));
export const critical = (id: Buffer, body: Uint8Array): Buffer =>
  sequence(id, trueValue(), octetString(body));

export function pem(label: 'CERTIFICATE' | 'X509 CRL', der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
