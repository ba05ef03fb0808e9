import type { Embedding } from '../domain/probe.ts';
import type { QualityFault } from '../domain/quality.ts';
import type { EnrolmentThresholds } from '../gallery/enrolment-check.ts';

/** Why a photograph cannot be used; the page says it in the reader's language. */
export type PhotoRefusal = 'unreadable' | 'no-face' | 'several-faces' | QualityFault;

/** What one encoder made of a face. */
export interface FaceSample {
  readonly modelId: string;
  /** (D) float32, unit norm. */
  readonly embedding: Embedding;
}

export type PhotoReading =
  | { readonly outcome: 'refused'; readonly reason: PhotoRefusal }
  | {
      readonly outcome: 'usable';
      readonly samples: readonly FaceSample[];
      /** The aligned face as JPEG, for the administrator to look at; kept nowhere. */
      readonly crop: Uint8Array;
    };

/** Reads the one face of a photograph. */
export interface PhotoReader {
  /**
   * @param photo  a JPEG, PNG or WebP file
   * @throws PORTICO_MODEL_* when the models cannot be used
   */
  read(photo: Uint8Array): Promise<PhotoReading>;
}

/** The encoder that decides about duplicates, with what its calibration says. */
export interface EnrolmentJudge extends EnrolmentThresholds {
  readonly modelId: string;
}

/** Where the site's root key is, as far as this computer knows; for the reminder to back it up. */
export interface SiteCustody {
  readonly rootKey: 'on-this-computer' | 'elsewhere';
  /** Files to keep a copy of. */
  readonly files: readonly string[];
}
