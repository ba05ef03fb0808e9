import { randomBytes } from 'node:crypto';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
} from 'jose';
import { z } from 'zod';
import { ProtocolError } from '../../domain/errors.ts';
import { keyIdSchema } from './compact-header.ts';

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const privateSigningKeySchema = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: coordinate,
  d: coordinate.describe('Secret'),
});
export const privateSealingKeySchema = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('X25519'),
  x: coordinate,
  d: coordinate.describe('Secret'),
});
export const contentKeySchema = z.strictObject({
  kid: keyIdSchema,
  k: coordinate.describe('Secret; 32 random bytes, base64url'),
});

export type PrivateSigningKey = z.infer<typeof privateSigningKeySchema>;
export type PrivateSealingKey = z.infer<typeof privateSealingKeySchema>;
export type ContentKey = z.infer<typeof contentKeySchema>;

/** A key that signs, ready for use. */
export interface Signer {
  readonly kid: string;
  readonly key: CryptoKey;
}

/** An X25519 key, ready for use: with the public half alone it seals, with both it opens. */
export interface Recipient {
  readonly kid: string;
  readonly key: CryptoKey;
}

export async function createSigningKey(): Promise<PrivateSigningKey> {
  const pair = await generateKeyPair('EdDSA', { extractable: true });
  return privateSigningKeySchema.parse(await exportJWK(pair.privateKey));
}

export async function createSealingKey(): Promise<PrivateSealingKey> {
  const pair = await generateKeyPair('ECDH-ES+A256KW', { crv: 'X25519', extractable: true });
  return privateSealingKeySchema.parse(await exportJWK(pair.privateKey));
}

export function createContentKey(): ContentKey {
  // The id is random too: a thumbprint of a secret would be a way to test guesses of it.
  return {
    kid: randomBytes(32).toString('base64url'),
    k: randomBytes(32).toString('base64url'),
  };
}

/** Thumbprint of an Ed25519 (signing) or X25519 (sealing) public key. */
export function keyIdOf(crv: 'Ed25519' | 'X25519', x: string): Promise<string> {
  return calculateJwkThumbprint({ kty: 'OKP', crv, x });
}

export async function signerOf(key: PrivateSigningKey): Promise<Signer> {
  return { kid: await keyIdOf('Ed25519', key.x), key: await asymmetric(key, 'EdDSA') };
}

export function verifyingKey(x: string): Promise<CryptoKey> {
  return asymmetric({ kty: 'OKP', crv: 'Ed25519', x }, 'EdDSA');
}

/** @param key  its public half, or both */
export async function recipientOf({ x, d }: { x: string; d?: string }): Promise<Recipient> {
  const jwk = { kty: 'OKP', crv: 'X25519', x, ...(d === undefined ? {} : { d }) } as const;
  return { kid: await keyIdOf('X25519', x), key: await asymmetric(jwk, 'ECDH-ES+A256KW') };
}

export const contentKeyBytes = ({ k }: ContentKey): Uint8Array => Buffer.from(k, 'base64url');

/** @throws PORTICO_SITE_FILE when the numbers are not a key */
async function asymmetric(
  jwk: { kty: 'OKP'; crv: string; x: string; d?: string },
  algorithm: string,
): Promise<CryptoKey> {
  try {
    const key = await importJWK(jwk, algorithm);
    if (!(key instanceof Uint8Array)) return key;
  } catch (cause) {
    throw new ProtocolError('PORTICO_SITE_FILE', {
      message: `a key of the site file is not a ${jwk.crv} key`,
      remedy: 'Take the file from its backup, or provision the gate anew.',
      cause,
    });
  }
  throw new ProtocolError('PORTICO_SITE_FILE', {
    message: `a key of the site file is not a ${jwk.crv} key`,
    remedy: 'Take the file from its backup, or provision the gate anew.',
  });
}
