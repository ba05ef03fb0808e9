import { createSecretKey, type KeyObject } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { neighbourOf, publish } from '../disk/durable-file.ts';
import { StoreError } from '../domain/errors.ts';
import { KEY_BYTES, randomKey } from './sealing.ts';

/** Name of the key among the credentials that the service manager hands over. */
const CREDENTIAL_NAME = 'portico.key';

export interface MasterKeySources {
  /** The service manager's credentials directory, when it gave one. */
  readonly credentialsDirectory?: string | undefined;
  /** Key file of mode 0400 or 0600, used when the credentials hold no key. */
  readonly keyFile: string;
}

/**
 * The key under which every data key of the store is wrapped: from the credentials directory, else
 * from the key file, never from the environment. A file holds 32 raw bytes or their base64.
 * @throws PORTICO_STORE_KEY when there is none, when it is not a key, or when others may read it
 */
export function readMasterKey(sources: MasterKeySources): KeyObject {
  if (sources.credentialsDirectory !== undefined) {
    const credential = join(sources.credentialsDirectory, CREDENTIAL_NAME);
    const key = readKey(credential, { mustBePrivate: false });
    if (key !== undefined) return key;
  }
  const key = readKey(sources.keyFile, { mustBePrivate: true });
  if (key !== undefined) return key;
  throw new StoreError('PORTICO_STORE_KEY', {
    message: `no key of the store: ${sources.keyFile} does not exist`,
    remedy: `Put the key back at ${sources.keyFile} (mode 0400), or pass it as the credential ${CREDENTIAL_NAME}; without it the store cannot be read.`,
    context: { keyFile: sources.keyFile },
  });
}

/**
 * Writes a new random key, readable by its owner only; it is there whole or not at all.
 * @throws PORTICO_STORE_KEY when something is already at the path (a key is never replaced) or it cannot be written
 */
export function createKeyFile(path: string): void {
  const key = randomKey();
  try {
    const neighbour = neighbourOf(path);
    writeFileSync(neighbour, `${key.toString('base64')}\n`, { mode: 0o400, flag: 'wx' });
    publish(neighbour, path);
  } catch (cause) {
    throw new StoreError('PORTICO_STORE_KEY', {
      message: isErrno(cause, 'EEXIST')
        ? `${path} exists already and is kept`
        : `the key file ${path} cannot be written`,
      remedy: `Name another path, or make its directory writable; a key that a store uses must never be lost.`,
      cause,
      context: { keyFile: path },
    });
  } finally {
    key.fill(0);
  }
}

function readKey(path: string, rule: { mustBePrivate: boolean }): KeyObject | undefined {
  let bytes: Buffer;
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (rule.mustBePrivate) assertPrivate(path, descriptor);
      bytes = readFileSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    if (isErrno(cause, 'ENOENT')) return undefined;
    if (cause instanceof StoreError) throw cause;
    throw new StoreError('PORTICO_STORE_KEY', {
      message: `the key file ${path} cannot be read`,
      remedy: `Give the user that runs Portico read access to ${path} (owner, mode 0400).`,
      cause,
      context: { keyFile: path },
    });
  }
  return decodeKey(path, bytes);
}

function assertPrivate(path: string, descriptor: number): void {
  const status = fstatSync(descriptor);
  const isPrivate = status.isFile() && (status.mode & 0o077) === 0;
  const { uid } = userInfo();
  // The superuser may act for the gate's user, whose file it then is.
  const isOwned = status.uid === uid || uid === 0;
  if (isPrivate && isOwned) return;
  throw new StoreError('PORTICO_STORE_KEY', {
    message: `the key file ${path} is open to others (mode ${(status.mode & 0o777).toString(8).padStart(4, '0')}, owner ${status.uid})`,
    remedy: `Run "chmod 0400 ${path}" and make the user that runs Portico its owner.`,
    context: { keyFile: path },
  });
}

function decodeKey(path: string, bytes: Buffer): KeyObject {
  const text = bytes.toString('latin1').trim();
  const decoded = /^[A-Za-z0-9+/]{43}=$/.test(text) ? Buffer.from(text, 'base64') : bytes;
  try {
    if (decoded.length === KEY_BYTES) return createSecretKey(decoded);
  } finally {
    bytes.fill(0);
    decoded.fill(0);
  }
  throw new StoreError('PORTICO_STORE_KEY', {
    message: `${path} does not hold a key: ${bytes.length} bytes`,
    remedy: `The file must hold 32 random bytes, or their base64 in one line.`,
    context: { keyFile: path },
  });
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
