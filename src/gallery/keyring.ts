import { createHmac, type KeyObject } from 'node:crypto';
import { randomKey, seal, unseal } from './sealing.ts';

/**
 * The master key at one version, and what it is used for: wrapping data keys. Every person has a
 * data key of their own, so that destroying it destroys what was sealed under it.
 */
export class Keyring {
  readonly version: number;
  readonly #masterKey: KeyObject;

  constructor(masterKey: KeyObject, version: number) {
    this.#masterKey = masterKey;
    this.version = version;
  }

  /** Tells keys apart without revealing them: 16 bytes of an HMAC of a fixed text. */
  fingerprint(): Buffer {
    return createHmac('sha256', this.#masterKey)
      .update('portico store key')
      .digest()
      .subarray(0, 16);
  }

  /** @returns a fresh data key, wrapped for its owner; 60 bytes for every key */
  createWrapped(owner: string): Buffer {
    const dataKey = randomKey();
    const wrapped = this.wrap(owner, dataKey);
    dataKey.fill(0);
    return wrapped;
  }

  wrap(owner: string, dataKey: Buffer): Buffer {
    return seal(this.#masterKey, ['data-key', owner, this.version], dataKey);
  }

  /** The data key, to be overwritten after use, or undefined when it was not wrapped by this key. */
  unwrap(owner: string, wrapped: Buffer): Buffer | undefined {
    return unseal(this.#masterKey, ['data-key', owner, this.version], wrapped);
  }
}
