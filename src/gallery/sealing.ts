import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

/** AES-256. */
export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

/**
 * Where sealed bytes belong: table, ids and every clear column beside them. It is authenticated
 * with the bytes, so a row whose clear part was altered, or bytes put into another row, do not open.
 */
export type SealContext = readonly [table: string, ...parts: (string | number)[]];

/** A fresh random key; the caller overwrites it after use. */
export const randomKey = (): Buffer => randomBytes(KEY_BYTES);

// JSON keeps the parts apart: ["a","bc"] and ["ab","c"] differ.
const additionalData = (context: SealContext): Buffer =>
  Buffer.from(JSON.stringify(['portico', 1, ...context]));

/**
 * AES-256-GCM with a random nonce.
 * @returns nonce (12 bytes), ciphertext (as long as `plain`), tag (16 bytes)
 * Source: NIST SP 800-38D; random 96-bit nonces stay far below its limit of 2^32 per key here
 */
export function seal(key: Buffer | KeyObject, context: SealContext, plain: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(additionalData(context));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** The plain bytes, or undefined when key, context or bytes are not those that were sealed. */
export function unseal(
  key: Buffer | KeyObject,
  context: SealContext,
  sealed: Buffer,
): Buffer | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const tag = sealed.subarray(sealed.length - TAG_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData(context));
  decipher.setAuthTag(tag);
  const plain = decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES));
  try {
    decipher.final();
    return plain;
  } catch {
    // GCM's only verdict here is "not authentic"; the caller knows what that means for its row.
    plain.fill(0);
    return undefined;
  }
}
