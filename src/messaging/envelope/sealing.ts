import { CompactEncrypt, type CryptoKey, compactDecrypt } from 'jose';
import { type Refused, refusedFor } from '../refusal.ts';
import {
  addressedHeaderSchema,
  type DocumentKind,
  readCompactHeader,
  sealedHeaderSchema,
  sealedType,
} from './compact-header.ts';
import { type ContentKey, contentKeyBytes, type Recipient } from './keys.ts';

export type Opened = { readonly outcome: 'opened'; readonly text: string } | Refused;
type Decrypted = { readonly outcome: 'opened'; readonly bytes: Uint8Array } | Refused;

/** Compact JWE (RFC 7516) round a signed text, under a content key of the site. */
export function sealForSite(kind: DocumentKind, signed: string, key: ContentKey): Promise<string> {
  return sealBytes(kind, Buffer.from(signed, 'utf8'), key);
}

/** The same round bytes that something else vouches for. */
export function sealBytes(kind: DocumentKind, bytes: Uint8Array, key: ContentKey): Promise<string> {
  return new CompactEncrypt(bytes)
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: key.kid, typ: sealedType(kind) })
    .encrypt(contentKeyBytes(key));
}

/** The signed text inside, if a known content key sealed it as this kind of document. */
export async function openForSite(
  kind: DocumentKind,
  text: string,
  keys: readonly ContentKey[],
): Promise<Opened> {
  return asText(await openBytes(kind, text, keys));
}

/** The bytes inside, of the same form. */
export async function openBytes(
  kind: DocumentKind,
  text: string,
  keys: readonly ContentKey[],
): Promise<Decrypted> {
  const header = readCompactHeader(text, 5, sealedHeaderSchema);
  if (header === undefined || header.typ !== sealedType(kind)) return refusedFor('malformed');
  const key = keys.find(({ kid }) => kid === header.kid);
  if (key === undefined) return refusedFor('unknown-content-key');
  return decrypt(text, contentKeyBytes(key), 'dir');
}

/** The same for one recipient, by its X25519 public key. */
export function sealFor(kind: DocumentKind, signed: string, recipient: Recipient): Promise<string> {
  return new CompactEncrypt(Buffer.from(signed, 'utf8'))
    .setProtectedHeader({
      alg: 'ECDH-ES+A256KW',
      enc: 'A256GCM',
      kid: recipient.kid,
      typ: sealedType(kind),
    })
    .encrypt(recipient.key);
}

/** The signed text inside, if it was sealed for this key. */
export async function openFor(
  kind: DocumentKind,
  text: string,
  recipient: Recipient,
): Promise<Opened> {
  const header = readCompactHeader(text, 5, addressedHeaderSchema);
  if (header === undefined || header.typ !== sealedType(kind)) return refusedFor('malformed');
  if (header.kid !== recipient.kid) return refusedFor('unknown-content-key');
  return asText(await decrypt(text, recipient.key, 'ECDH-ES+A256KW'));
}

async function decrypt(
  text: string,
  key: CryptoKey | Uint8Array,
  algorithm: string,
): Promise<Decrypted> {
  try {
    const { plaintext } = await compactDecrypt(text, key, {
      keyManagementAlgorithms: [algorithm],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return { outcome: 'opened', bytes: plaintext };
  } catch {
    return refusedFor('not-authentic'); // jose's errors say no more than that
  }
}

const asText = (opened: Decrypted): Opened =>
  opened.outcome === 'refused'
    ? opened
    : { outcome: 'opened', text: Buffer.from(opened.bytes).toString('utf8') };
