import type { QualityAssessment } from '../domain/quality.ts';
import type { NamedEmbedding } from './face-reader.ts';
import type { FaultRecord } from './vision-messages.ts';
import type { VisionOptions } from './vision-options.ts';

/** What a photo worker is started with: it reads this one photograph and ends. */
export interface PhotoSetup {
  readonly options: VisionOptions;
  /** The file's bytes. */
  readonly photo: Uint8Array;
}

/** What became of a photograph. */
export type PhotoReading =
  | { readonly outcome: 'unreadable' }
  | {
      readonly outcome: 'read';
      readonly faceCount: number;
      /** Of the main face; absent without one. */
      readonly face:
        | { readonly quality: QualityAssessment; readonly embeddings: readonly NamedEmbedding[] }
        | undefined;
    };

export type PhotoReply = PhotoReading | { readonly outcome: 'fault'; readonly fault: FaultRecord };
