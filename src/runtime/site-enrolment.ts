import type { NewTemplate } from '../gallery/roster-shapes.ts';
import type { CommandResult } from '../messaging/documents/command-document.ts';
import { type PhotoRefusal, photoAdvice } from '../office/photo-refusal.ts';
import { encodeVector } from '../roster/roster-documents.ts';
import type { PhotoReading } from '../vision/photo-messages.ts';
import type { EnrolmentCapture } from './enrolment-capture.ts';

export interface SiteEnrolmentParts {
  readonly capture: Pick<EnrolmentCapture, 'run'>;
  /** In a thread of its own. @throws PORTICO_MODEL_*, PORTICO_VISION_FAILED */
  readonly readPhoto: (photo: Uint8Array) => Promise<PhotoReading>;
}

/** First bytes of the kinds of file that are taken from afar: fewer decoders, fewer ways in. */
const MAGIC: readonly (readonly number[])[] = [
  [0xff, 0xd8, 0xff],
  [0x89, 0x50, 0x4e, 0x47],
];

/**
 * Makes samples for an administrator, of the person before the camera or of a photograph that was sent. Nothing
 * is enrolled by it, and nothing is kept: the administrator looks for duplicates and signs.
 */
export class SiteEnrolment {
  readonly #parts: SiteEnrolmentParts;
  #isReading = false;

  constructor(parts: SiteEnrolmentParts) {
    this.#parts = parts;
  }

  async capture(timeoutMs: number): Promise<CommandResult> {
    const capture = await this.#parts.capture.run(timeoutMs);
    return capture.outcome === 'captured' ? done(capture.samples) : capture;
  }

  /** @param photo  the file, base64url @throws PORTICO_MODEL_*, PORTICO_VISION_FAILED */
  async encodePhoto(photo: string): Promise<CommandResult> {
    if (this.#isReading) return BUSY;
    this.#isReading = true;
    try {
      const bytes = Buffer.from(photo, 'base64url');
      const isPhoto = MAGIC.some((magic) => magic.every((byte, index) => bytes[index] === byte));
      return isPhoto ? resultOf(await this.#parts.readPhoto(bytes)) : refused('unreadable', 0);
    } finally {
      this.#isReading = false;
    }
  }
}

function resultOf(reading: PhotoReading): CommandResult {
  if (reading.outcome === 'unreadable') return refused('unreadable', 0);
  const { faceCount, face } = reading;
  if (face === undefined) return refused('no-face', 0);
  if (faceCount > 1) return refused('several-faces', faceCount);
  const { quality, embeddings } = face;
  return quality.outcome === 'refused' ? refused(quality.faults[0], 1) : done(embeddings);
}

const done = (samples: readonly NewTemplate[]): CommandResult => ({
  outcome: 'done',
  samples: samples.map(({ modelId, embedding }) => ({
    modelId,
    embedding: encodeVector(embedding),
  })),
});

function refused(reason: PhotoRefusal, faceCount: number): CommandResult {
  const { what, remedy } = photoAdvice(reason, faceCount);
  return { outcome: 'refused', reason, text: `The photograph ${what}. ${remedy}` };
}

const BUSY: CommandResult = {
  outcome: 'refused',
  reason: 'busy',
  text: 'The gate is reading another photograph; try again in a moment.',
};
