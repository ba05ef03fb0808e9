import type { Cancel, Clock } from '../../domain/ports/clock.ts';
import type { Logger } from '../../domain/ports/logger.ts';
import type { WallMs } from '../../domain/units.ts';
import type { OutgoingMessage } from '../broker/broker-link.ts';
import {
  type AnnouncedPicture,
  PICTURE_LASTS_MAX_MS,
  type PictureReceipt,
} from '../documents/picture-document.ts';
import { pictureDigest } from '../envelope/picture-sealing.ts';
import { signDocument } from '../envelope/signing.ts';
import { textOf } from '../roster/read-roster.ts';
import { SIZE_LIMITS } from '../size-limits.ts';
import type { SiteTopics } from '../topics.ts';
import type { SeatKeys } from './seat-keys.ts';

/** Where sealed pictures are kept until they expire. What `keep` returned from is durable. */
export interface PictureArchive {
  /** @returns undefined for a digest of which no archived event of that gate speaks */
  announced(gateId: string, digest: string): AnnouncedPicture | undefined;
  keep(picture: AnnouncedPicture, payload: string): void;
  /** Deletes what has expired. */
  expire(now: WallMs): void;
}

export interface PictureFollowerParts {
  readonly site: string;
  readonly topics: SiteTopics;
  readonly keys: SeatKeys;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly archive: PictureArchive;
  readonly publish: (message: OutgoingMessage) => void;
}

const LOOK_MS = 60_000;

/** Takes pictures into safe keeping that archived events vouch for, and tells their gates so. */
export class PictureFollower {
  readonly #parts: PictureFollowerParts;
  readonly #cancelLook: Cancel;

  constructor(parts: PictureFollowerParts) {
    this.#parts = parts;
    this.#expire();
    this.#cancelLook = parts.clock.every(LOOK_MS, () => this.#expire());
  }

  /** What no event speaks of (yet) is let go: its gate offers it again. */
  async take(gateId: string, payload: Uint8Array): Promise<void> {
    if (payload.length > SIZE_LIMITS.picture) return this.#refused(gateId, 'oversize');
    const { archive, clock, logger } = this.#parts;
    const digest = pictureDigest(payload);
    const announced = archive.announced(gateId, digest);
    if (announced === undefined) return this.#refused(gateId, 'not-announced');
    const remainingMs = announced.expiresAtMs - clock.wall();
    if (remainingMs <= 0) return this.#refused(gateId, 'expired');
    if (remainingMs > PICTURE_LASTS_MAX_MS) return this.#refused(gateId, 'lasts-too-long');
    try {
      archive.keep(announced, textOf(payload));
    } catch (error) {
      logger.warn({ event: 'site.picture-not-kept', gateId, error }, 'a picture was not kept');
      return undefined;
    }
    return this.#giveReceipt(gateId, digest);
  }

  close(): void {
    this.#cancelLook();
  }

  #expire(): void {
    const { archive, clock, logger } = this.#parts;
    try {
      archive.expire(clock.wall());
    } catch (error) {
      logger.warn({ event: 'site.pictures-not-deleted', error }, 'expired pictures are still here');
    }
  }

  #refused(gateId: string, reason: string): undefined {
    const fields = { event: 'site.picture-refused', gateId, reason };
    this.#parts.logger.warn(fields, 'a picture was not taken');
  }

  async #giveReceipt(gateId: string, digest: string): Promise<void> {
    const { site, topics, keys, clock, publish } = this.#parts;
    const document: PictureReceipt = {
      schemaVersion: 1,
      kind: 'picture-receipt',
      site,
      gateId,
      digests: [digest],
      issuedAtMs: clock.wall(),
    };
    const payload = await signDocument('picture-receipt', document, keys.signer);
    publish({ topic: topics.gate(gateId).pictureReceipt, payload, isRetained: false });
  }
}
