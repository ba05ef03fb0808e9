import { z } from 'zod';

/** RFC 7638 thumbprint of the public key. */
export const keyIdSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** What a signature is for; bound into it, so that no document can be taken for another kind. */
export const DOCUMENT_KINDS = [
  'record',
  'head',
  'trust-list',
  'content-keys',
  'command',
  'answer',
  'event',
  'receipt',
  'state',
  'picture',
  'picture-receipt',
] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

export const signedType = (kind: DocumentKind): string => `portico-${kind}+jws`;
export const sealedType = (kind: DocumentKind): string => `portico-${kind}+jwe`;

/*
 * One algorithm per purpose, stated here and nowhere negotiated. The objects are strict: a header
 * that asks for compression, names a key by URL or brings a key of its own does not parse.
 */
export const signedHeaderSchema = z.strictObject({
  alg: z.literal('EdDSA'),
  kid: keyIdSchema,
  typ: z.string().max(40),
});
export const sealedHeaderSchema = z.strictObject({
  alg: z.literal('dir'),
  enc: z.literal('A256GCM'),
  kid: keyIdSchema,
  typ: z.string().max(40),
});
export const addressedHeaderSchema = z.strictObject({
  alg: z.literal('ECDH-ES+A256KW'),
  enc: z.literal('A256GCM'),
  kid: keyIdSchema,
  typ: z.string().max(40),
  epk: z.strictObject({
    kty: z.literal('OKP'),
    crv: z.literal('X25519'),
    x: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  }),
});

const HEADER_CHARACTERS_MAX = 600;
const SEGMENT = /^[A-Za-z0-9_-]*$/;

/**
 * The protected header of a compact JWS (3 parts) or JWE (5), checked before any cryptography.
 * @returns undefined when the text has another form or the header is not exactly what the schema says
 */
export function readCompactHeader<T>(
  text: string,
  parts: 3 | 5,
  schema: z.ZodType<T>,
): T | undefined {
  const segments = text.split('.', parts + 1);
  const [header] = segments;
  if (segments.length !== parts || header === undefined) return undefined;
  if (header.length > HEADER_CHARACTERS_MAX || !segments.every((part) => SEGMENT.test(part))) {
    return undefined;
  }
  const parsed = schema.safeParse(parseJson(Buffer.from(header, 'base64url').toString('utf8')));
  return parsed.success ? parsed.data : undefined;
}

/** @returns undefined for what is not JSON: no schema accepts it */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
