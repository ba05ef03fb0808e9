import type { Candidate } from '../domain/match.ts';
import type { Probe } from '../domain/probe.ts';
import type { Similarity } from '../domain/units.ts';
import { cosineSimilarity } from '../numeric/linear-algebra.ts';
import type { Gallery } from './gallery.ts';

/** From the encoder's calibration. */
export interface EnrolmentThresholds {
  /** From here on, a sample is taken for another enrolled person. */
  readonly duplicate: Similarity;
  /** Below, a sample is not taken for the person that it is to be added to, nor for the same as another sample. */
  readonly samePerson: Similarity;
}

export interface EnrolmentRequest {
  /** Who is enrolled, or to be. */
  readonly identityId: string;
  /** The samples' embeddings, all by one encoder. */
  readonly samples: readonly Probe[];
  readonly gallery: Gallery;
  readonly thresholds: EnrolmentThresholds;
}

export type EnrolmentRefusal =
  | {
      readonly reason: 'duplicate-person';
      /** The enrolled person that the sample resembles. */
      readonly resembles: string;
    }
  | { readonly reason: 'unlike-own-templates' }
  | { readonly reason: 'samples-disagree'; readonly otherSample: number }
  | { readonly reason: 'no-sample' };

export type EnrolmentCheck =
  | { readonly outcome: 'accepted' }
  | {
      readonly outcome: 'refused';
      readonly refusal: EnrolmentRefusal;
      /** Index of the sample at fault. */
      readonly sample: number;
      /** The comparison that decided, where one did. */
      readonly similarity?: Similarity;
      /** For the operator: what is wrong and what to do. */
      readonly text: string;
    };

/**
 * Whether these samples may become templates of this identity: nobody else enrolled looks like them,
 * they look like the person's own templates, and like one another. The first fault found is told.
 */
export function checkEnrolment(request: EnrolmentRequest): EnrolmentCheck {
  const { samples } = request;
  if (samples.length === 0) return refused({ reason: 'no-sample' }, 0);
  for (const [index, sample] of samples.entries()) {
    const fault =
      findDuplicate(request, sample, index) ??
      findUnlikeOwn(request, sample, index) ??
      findDisagreement(request, sample, index);
    if (fault !== undefined) return fault;
  }
  return { outcome: 'accepted' };
}

function findDuplicate(
  { gallery, identityId, thresholds }: EnrolmentRequest,
  sample: Probe,
  index: number,
): EnrolmentCheck | undefined {
  const found: readonly Candidate[] = gallery.search(sample).candidates;
  const other = found.find(({ identity }) => identity.identityId !== identityId);
  if (other === undefined || other.similarity < thresholds.duplicate) return undefined;
  const refusal = { reason: 'duplicate-person', resembles: other.identity.identityId } as const;
  return refused(refusal, index, other.similarity);
}

function findUnlikeOwn(
  { gallery, identityId, thresholds }: EnrolmentRequest,
  sample: Probe,
  index: number,
): EnrolmentCheck | undefined {
  const [own] = gallery.compareClaimed(sample, identityId).candidates;
  if (own === undefined || own.similarity >= thresholds.samePerson) return undefined;
  return refused({ reason: 'unlike-own-templates' }, index, own.similarity);
}

function findDisagreement(
  { samples, thresholds }: EnrolmentRequest,
  sample: Probe,
  index: number,
): EnrolmentCheck | undefined {
  for (const [otherSample, other] of samples.slice(0, index).entries()) {
    const similarity = cosineSimilarity(sample.embedding, other.embedding);
    if (similarity >= thresholds.samePerson) continue;
    return refused({ reason: 'samples-disagree', otherSample }, index, similarity);
  }
  return undefined;
}

function refused(
  refusal: EnrolmentRefusal,
  sample: number,
  similarity?: Similarity,
): EnrolmentCheck {
  const text = textOf(refusal, sample + 1);
  const base = { outcome: 'refused', refusal, sample, text } as const;
  return similarity === undefined ? base : { ...base, similarity };
}

function textOf(refusal: EnrolmentRefusal, ordinal: number): string {
  switch (refusal.reason) {
    case 'no-sample':
      return 'There is no sample. Give at least one photograph of the person.';
    case 'duplicate-person':
      return `Sample ${ordinal} looks like ${refusal.resembles}, who is enrolled already. Add it to that identity, or use a photograph of the right person.`;
    case 'unlike-own-templates':
      return `Sample ${ordinal} does not look like the person enrolled under this id. Use a photograph of that person, or delete the identity and enrol it anew.`;
    case 'samples-disagree':
      return `Samples ${refusal.otherSample + 1} and ${ordinal} do not look like the same person. Leave out the wrong one.`;
  }
}
