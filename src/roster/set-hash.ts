import { createHash } from 'node:crypto';
import type { RosterMark } from '../domain/roster.ts';

/** How many people a set of records names, and their hash. */
export interface RosterSet {
  readonly count: number;
  /** SHA-256 over "<id> <version>\n" of each person, sorted by id in code units, base64url. */
  readonly setHash: string;
}

/**
 * The set that a head vouches for: everyone who is not deleted, at the version of the newest record.
 * A record that was withheld, or an old one that came instead, gives another hash.
 */
export function rosterSet(
  marks: Iterable<Pick<RosterMark, 'identityId' | 'kind' | 'version'>>,
): RosterSet {
  const people = [...marks]
    .filter(({ kind }) => kind === 'person')
    .sort((left, right) => (left.identityId < right.identityId ? -1 : 1));
  const hash = createHash('sha256');
  for (const { identityId, version } of people) hash.update(`${identityId} ${version}\n`);
  return { count: people.length, setHash: hash.digest('base64url') };
}
