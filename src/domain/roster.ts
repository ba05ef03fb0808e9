import type { Identity, Template } from './identity.ts';

/** A person as an administrator published it: details and templates, with their ids and dates. */
export interface RosterPerson {
  readonly identity: Identity;
  readonly templates: readonly Template[];
}

/**
 * What a gate remembers of the newest record about one person, also when that record was a
 * deletion: an older record of the same person is a rollback for ever.
 */
export interface RosterMark {
  readonly identityId: string;
  readonly kind: 'person' | 'tombstone';
  /** 1, 2, 3 ... per person. */
  readonly version: number;
  /** SHA-256 of the signed record, base64url; empty: take the same version once more. */
  readonly digest: string;
  /** Whether a head that was complete and valid has covered this version. */
  readonly isVouchedFor: boolean;
}

/** Whom the gate may admit, as its site's roster stands. */
export type RosterTrust = 'everybody' | 'people-known-before' | 'nobody';

/** One accepted record, ready to be stored. */
export type RosterChange =
  | { readonly kind: 'person'; readonly mark: RosterMark; readonly person: RosterPerson }
  | { readonly kind: 'tombstone'; readonly mark: RosterMark };
