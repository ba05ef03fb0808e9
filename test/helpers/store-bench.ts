import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { PorticoError } from '../../src/domain/errors.ts';
import { type OpenStoreOptions, openStore } from '../../src/gallery/open-store.ts';
import type { Store } from '../../src/gallery/store.ts';
import { FakeClock } from './fake-clock.ts';
import { testKey } from './store-data.ts';

/** A folder that goes when the test file has run. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'portico-store-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function openTestStore(path: string, options: Partial<OpenStoreOptions> = {}): Store {
  return openStore({ path, key: testKey(), clock: new FakeClock(), create: true, ...options });
}

/** For assert.throws: the fault has this code and says what to do. */
export const faultCoded =
  (...codes: readonly string[]) =>
  (error: unknown): boolean =>
    error instanceof PorticoError && codes.includes(error.code) && error.remedy.length > 20;
