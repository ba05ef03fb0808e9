import type { NewTemplate } from '../gallery/roster-shapes.ts';
import type { PhotoRefusal } from '../office/photo-refusal.ts';

export type PhotoReading =
  /** The page says the reason in the reader's language. */
  | { readonly outcome: 'refused'; readonly reason: PhotoRefusal }
  | {
      readonly outcome: 'usable';
      /** What each encoder made of the face. */
      readonly samples: readonly NewTemplate[];
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
