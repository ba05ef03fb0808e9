import { createSecretKey, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { PorticoError } from '../../src/domain/errors.ts';
import { type OpenStoreOptions, openStore } from '../../src/gallery/open-store.ts';
import type { Store } from '../../src/gallery/store.ts';
import { l2NormalizeInPlace } from '../../src/numeric/linear-algebra.ts';
import { seededRandom } from '../../src/numeric/random.ts';
import { FakeClock } from './fake-clock.ts';

/** A folder that goes when the test file has run. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'portico-store-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const testKey = (fill = 7): KeyObject => createSecretKey(Buffer.alloc(32, fill));

export function openTestStore(path: string, options: Partial<OpenStoreOptions> = {}): Store {
  return openStore({ path, key: testKey(), clock: new FakeClock(), create: true, ...options });
}

/** A unit vector in a direction of its own for every seed. */
export function unitVector(seed: number, dimension = 64): Float32Array {
  const random = seededRandom(seed);
  return l2NormalizeInPlace(Float32Array.from({ length: dimension }, () => random() - 0.5));
}

/** For assert.throws: the fault has this code and says what to do. */
export const faultCoded =
  (...codes: readonly string[]) =>
  (error: unknown): boolean =>
    error instanceof PorticoError && codes.includes(error.code) && error.remedy.length > 20;
