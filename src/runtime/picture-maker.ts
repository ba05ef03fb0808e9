import type { Logger } from '../domain/ports/logger.ts';
import { encodePortrait } from '../frame/encode-portrait.ts';
import { PICTURE_BYTES_MAX } from '../messaging/envelope/picture-sealing.ts';
import type { PictureOutcome } from '../messaging/gate/picture-publisher.ts';
import type { RgbImage } from '../numeric/sample-image.ts';

export interface PictureMakerParts {
  readonly logger: Logger;
  /** Seals and stores it. */
  readonly keep: (of: number, jpeg: Uint8Array) => Promise<PictureOutcome>;
}

/** 'busy': a newer one came before its turn. */
export type PictureLoss = Exclude<PictureOutcome, 'kept' | 'off'> | 'busy' | 'failed';

interface Order {
  readonly of: number;
  readonly portrait: RgbImage;
}

/**
 * Makes pictures one at a time, beside the door: of what waits meanwhile the newest stays. Whatever goes wrong costs the
 * picture and nothing else, and is counted.
 */
export class PictureMaker {
  readonly #parts: PictureMakerParts;
  readonly #losses = new Map<PictureLoss, number>();
  #next: Order | undefined;
  #work: Promise<void> | undefined;

  constructor(parts: PictureMakerParts) {
    this.#parts = parts;
  }

  /** Never throws, never waits. */
  make(of: number, portrait: RgbImage): void {
    if (this.#next !== undefined) this.#lose('busy', this.#next.of);
    this.#next = { of, portrait };
    this.#work ??= this.#run().finally(() => {
      this.#work = undefined;
    });
  }

  /** Pictures that were not kept, by reason. */
  losses(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#losses);
  }

  async settled(): Promise<void> {
    await this.#work;
  }

  async #run(): Promise<void> {
    for (;;) {
      const order = this.#next;
      if (order === undefined) return;
      this.#next = undefined;
      const outcome = await this.#made(order);
      if (outcome === 'kept' || outcome === 'off') continue;
      this.#lose(outcome, order.of);
    }
  }

  async #made({ of, portrait }: Order): Promise<PictureOutcome | PictureLoss> {
    try {
      const jpeg = await encodePortrait(portrait, PICTURE_BYTES_MAX);
      return jpeg === undefined ? 'too-large' : await this.#parts.keep(of, jpeg);
    } catch (error) {
      this.#parts.logger.error({ event: 'picture.failed', of, error }, 'a picture was not made');
      return 'failed';
    }
  }

  /** Logs the 1st, 10th, 100th ... of a reason. */
  #lose(reason: PictureLoss, of: number): void {
    const count = (this.#losses.get(reason) ?? 0) + 1;
    this.#losses.set(reason, count);
    if (!Number.isInteger(Math.log10(count))) return;
    this.#parts.logger.warn(
      { event: 'picture.lost', reason, of, count },
      'an event has no picture',
    );
  }
}
