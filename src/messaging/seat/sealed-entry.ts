import {
  readCompactHeader,
  sealedHeaderSchema,
  signedHeaderSchema,
} from '../envelope/compact-header.ts';
import type { ContentKey } from '../envelope/keys.ts';
import { openForSite, sealForSite } from '../envelope/sealing.ts';
import type { BookEntry } from './roster-book.ts';

/** Whether the first of the content keys sealed it. */
export function isSealedByNewest(payload: string, [newest]: readonly ContentKey[]): boolean {
  const header = readCompactHeader(payload, 5, sealedHeaderSchema);
  return newest !== undefined && header?.kid === newest.kid;
}

/**
 * The same record under the first of the content keys; the signed text stays, and so do version and digest.
 * @returns undefined when no known key opens it
 */
export async function sealAnew(
  entry: BookEntry,
  contentKeys: readonly ContentKey[],
): Promise<BookEntry | undefined> {
  const [newest] = contentKeys;
  const opened = await openForSite('record', entry.payload, contentKeys);
  if (opened.outcome === 'refused' || newest === undefined) return undefined;
  return { ...entry, payload: await sealForSite('record', opened.text, newest) };
}

/** Id of the key that signed the record inside; undefined when no known key opens it. */
export async function signerIdOf(
  { payload }: BookEntry,
  contentKeys: readonly ContentKey[],
): Promise<string | undefined> {
  const opened = await openForSite('record', payload, contentKeys);
  if (opened.outcome === 'refused') return undefined;
  return readCompactHeader(opened.text, 3, signedHeaderSchema)?.kid;
}
