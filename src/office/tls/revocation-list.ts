import { createPrivateKey, sign } from 'node:crypto';
import type { WallMs } from '../../domain/units.ts';
import type { Credential } from './certificates.ts';
import { bitString, integer, objectId, sequence, tagged, time } from './der.ts';
import {
  AUTHORITY_KEY_IDENTIFIER,
  ECDSA_WITH_SHA256,
  extension,
  keyIdOf,
  nameOf,
  pem,
  VALID_BEFORE_MS,
  VALID_FOR_MS,
} from './x509-parts.ts';

const CRL_NUMBER = objectId('2.5.29.20');
const VERSION_2 = integer(Buffer.from([1]));

export interface RevocationRequest {
  /** Of the authority, as `createAuthority` was given it. */
  readonly authorityName: string;
  /** Of certificates that count no more, in hex. */
  readonly serials: readonly string[];
  /** Higher than that of every list before. */
  readonly number: number;
  readonly now: WallMs;
}

/**
 * The list of certificates that a broker shall turn away (CRL v2; RFC 5280, section 5), as PEM. It holds for ten
 * years, longer than every certificate issued before it: a list that runs out would shut everybody out.
 */
export function revocationList(authority: Credential, request: RevocationRequest): string {
  const { authorityName, serials, number, now } = request;
  const signer = createPrivateKey(authority.privateKey);
  const algorithm = sequence(ECDSA_WITH_SHA256);
  const revoked = serials.map((serial) =>
    sequence(integer(Buffer.from(serial, 'hex')), time(now - VALID_BEFORE_MS)),
  );
  const extensions = sequence(
    extension(AUTHORITY_KEY_IDENTIFIER, sequence(tagged(0, keyIdOf(signer), false))),
    extension(CRL_NUMBER, integer(bigEndian(number))),
  );
  const body = sequence(
    VERSION_2,
    algorithm,
    nameOf(authorityName),
    time(now - VALID_BEFORE_MS),
    time(now + VALID_FOR_MS),
    // An empty sequence is not allowed: it is left out.
    ...(revoked.length === 0 ? [] : [sequence(...revoked)]),
    tagged(0, extensions, true),
  );
  const signature = bitString(sign('sha256', body, signer));
  return pem('X509 CRL', sequence(body, algorithm, signature));
}

function bigEndian(number: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(number));
  const first = bytes.findIndex((byte) => byte !== 0);
  return bytes.subarray(first === -1 ? 7 : first);
}
