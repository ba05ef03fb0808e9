import { assertNever } from '../domain/assert-never.ts';
import type { QualityFault } from '../domain/quality.ts';

/** Why a photograph cannot be used for enrolment. */
export type PhotoRefusal = 'unreadable' | 'no-face' | 'several-faces' | QualityFault;

/** In words: what is wrong, to be said after the photograph's name, and what to do about it. */
export interface PhotoAdvice {
  readonly what: string;
  readonly remedy: string;
}

/** @param faceCount  how many faces the photograph shows */
export function photoAdvice(refusal: PhotoRefusal, faceCount: number): PhotoAdvice {
  switch (refusal) {
    case 'unreadable':
      return {
        what: 'cannot be read as a photograph',
        remedy: 'Give a complete JPEG, PNG or WebP file.',
      };
    case 'no-face':
      return { what: 'shows no face', remedy: 'Give a photograph of the face.' };
    case 'several-faces':
      return {
        what: `shows ${faceCount} faces`,
        remedy: 'Give a photograph of this one person alone.',
      };
    default:
      return { what: `is not good enough (${refusal})`, remedy: qualityRemedy(refusal) };
  }
}

function qualityRemedy(fault: QualityFault): string {
  switch (fault) {
    case 'cut-off':
      return 'Give a photograph in which the whole face is visible.';
    case 'too-far':
      return 'Give a photograph in which the face is larger: 100 pixels high or more.';
    case 'too-close':
      return 'Give a photograph with some space around the face.';
    case 'too-dark':
      return 'Give a brighter photograph.';
    case 'too-bright':
      return 'Give a photograph that is not overexposed.';
    case 'turned-away':
      return 'Give a photograph in which the person faces the camera.';
    case 'tilted':
      return 'Give a photograph with the head upright.';
    case 'occluded':
      return 'Give a photograph without hand, mask or dark glasses on the face.';
    case 'blurred':
      return 'Give a sharper photograph.';
    default:
      return assertNever(fault);
  }
}
