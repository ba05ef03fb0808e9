import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Evaluation data stands beside the checkout, or where PORTICO_SHARED says; it is never copied in. */
export const SHARED =
  process.env['PORTICO_SHARED'] ?? fileURLToPath(new URL('../../../../shared', import.meta.url));

/** Why a test on evaluation data cannot run, for node:test's skip; false when it can. */
export function withoutShared(...parts: readonly string[]): string | false {
  const path = join(SHARED, ...parts);
  return existsSync(path) ? false : `no evaluation data at ${path}; set PORTICO_SHARED`;
}
