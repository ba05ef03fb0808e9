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
