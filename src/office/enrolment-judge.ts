import type { MonotonicMs } from '../domain/units.ts';
import {
  checkEnrolment,
  type EnrolmentCheck,
  type EnrolmentThresholds,
} from '../gallery/enrolment-check.ts';
import type { Gallery } from '../gallery/gallery.ts';
import type { NewTemplate } from '../gallery/roster-shapes.ts';

/** The encoder that decides about duplicates, with what its calibration says. */
export interface EnrolmentJudge extends EnrolmentThresholds {
  readonly modelId: string;
}

export interface Applicant {
  readonly identityId: string;
  /** What the encoders made of each photograph. */
  readonly photos: readonly (readonly NewTemplate[])[];
  /** Everybody who is enrolled already. */
  readonly gallery: Gallery;
  readonly now: MonotonicMs;
}

/** The refusal in words, for whoever may read names: an opaque id says little. */
export function refusalText(
  { text, refusal }: Extract<EnrolmentCheck, { outcome: 'refused' }>,
  nameOf: (identityId: string) => string | undefined,
): string {
  if (refusal.reason !== 'duplicate-person') return text;
  const { resembles } = refusal;
  const name = nameOf(resembles) ?? resembles;
  return name === resembles ? text : text.replace(resembles, `${resembles} (${name})`);
}

/** Whether these photographs may be enrolled under this id: nobody else enrolled looks like them. */
export function judgeEnrolment(
  { modelId, duplicate, samePerson }: EnrolmentJudge,
  { identityId, photos, gallery, now }: Applicant,
): EnrolmentCheck {
  const samples = photos.flatMap((photo) => {
    const sample = photo.find((each) => each.modelId === modelId);
    return sample === undefined ? [] : [{ ...sample, capturedAtMs: now }];
  });
  return checkEnrolment({
    identityId,
    samples,
    gallery,
    thresholds: { duplicate, samePerson },
  });
}
