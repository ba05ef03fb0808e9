import type { Identity } from './identity.ts';
import type { Similarity } from './units.ts';

/** The best template of one person for a probe. */
export interface Candidate {
  readonly identity: Identity;
  readonly templateId: string;
  readonly similarity: Similarity;
}

/** Outcome of an open-set search: the best two *persons*, so that the margin is between people. */
export interface SearchResult {
  readonly modelId: string;
  /** Persons that had a template of this encoder. */
  readonly personsSearched: number;
  /** Comparisons behind the result: their templates. The search's false positive rate grows with it. */
  readonly templatesCompared: number;
  readonly candidates: readonly [] | readonly [Candidate] | readonly [Candidate, Candidate];
}
