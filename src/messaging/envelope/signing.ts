import { CompactSign, type CryptoKey, compactVerify } from 'jose';
import type { z } from 'zod';
import { type Refused, refusedFor } from '../refusal.ts';
import {
  type DocumentKind,
  parseJson,
  readCompactHeader,
  signedHeaderSchema,
  signedType,
} from './compact-header.ts';
import type { Signer } from './keys.ts';

/** Looks up who may have signed. */
export type KeyLookup<Principal> = (
  kid: string,
) =>
  | { readonly outcome: 'found'; readonly key: CryptoKey; readonly principal: Principal }
  | Refused;

export interface SigningRules<T, Principal> {
  readonly kind: DocumentKind;
  readonly schema: z.ZodType<T>;
  readonly keyOf: KeyLookup<Principal>;
}

export type Verified<T, Principal> =
  | { readonly outcome: 'verified'; readonly document: T; readonly signer: Principal }
  | Refused;

/** Compact JWS (RFC 7515) with Ed25519 over the document's JSON. */
export function signDocument(
  kind: DocumentKind,
  document: object,
  signer: Signer,
): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(document), 'utf8'))
    .setProtectedHeader({ alg: 'EdDSA', kid: signer.kid, typ: signedType(kind) })
    .sign(signer.key);
}

/**
 * The document, if a known key signed exactly this kind of document and it is of the schema.
 * Never throws for what a peer sent.
 */
export async function verifyDocument<T, Principal>(
  text: string,
  { kind, schema, keyOf }: SigningRules<T, Principal>,
): Promise<Verified<T, Principal>> {
  const header = readCompactHeader(text, 3, signedHeaderSchema);
  if (header === undefined || header.typ !== signedType(kind)) return refusedFor('malformed');
  const found = keyOf(header.kid);
  if (found.outcome === 'refused') return found;
  let payload: Uint8Array;
  try {
    ({ payload } = await compactVerify(text, found.key, { algorithms: ['EdDSA'] }));
  } catch {
    return refusedFor('not-authentic'); // jose's errors say no more than that
  }
  const parsed = schema.safeParse(parseJson(Buffer.from(payload).toString('utf8')));
  if (!parsed.success) return refusedFor('wrong-schema');
  return { outcome: 'verified', document: parsed.data, signer: found.principal };
}
