import type { QualityFault } from '../domain/quality.ts';

/** Why a photograph cannot be used for enrolment. */
export type PhotoRefusal = 'unreadable' | 'no-face' | 'several-faces' | QualityFault;

/** In words: what is wrong, to be said after the photograph's name, and what to do about it. */
export interface PhotoAdvice {
  readonly what: string;
  readonly remedy: string;
}

const QUALITY_REMEDY: Readonly<Record<QualityFault, string>> = {
  'cut-off': 'Give a photograph in which the whole face is visible.',
  'too-far': 'Give a photograph in which the face is larger: 100 pixels high or more.',
  'too-close': 'Give a photograph with some space around the face.',
  'too-dark': 'Give a brighter photograph.',
  'too-bright': 'Give a photograph that is not overexposed.',
  'turned-away': 'Give a photograph in which the person faces the camera.',
  tilted: 'Give a photograph with the head upright.',
  occluded: 'Give a photograph without hand, mask or dark glasses on the face.',
  blurred: 'Give a sharper photograph.',
};

/** @param faceCount  how many faces the photograph shows */
export function photoAdvice(refusal: PhotoRefusal, faceCount: number): PhotoAdvice {
  if (refusal === 'unreadable') {
    const remedy = 'Give a complete JPEG, PNG or WebP file.';
    return { what: 'cannot be read as a photograph', remedy };
  }
  if (refusal === 'no-face') {
    return { what: 'shows no face', remedy: 'Give a photograph of the face.' };
  }
  if (refusal === 'several-faces') {
    const remedy = 'Give a photograph of this one person alone.';
    return { what: `shows ${faceCount} faces`, remedy };
  }
  return { what: `is not good enough (${refusal})`, remedy: QUALITY_REMEDY[refusal] };
}
