import {
  type AnnouncedPicture,
  readAnnouncement,
} from '../../src/messaging/documents/picture-document.ts';
import type { PictureArchive } from '../../src/messaging/seat/picture-follower.ts';
import type { MemoryArchive } from './site-fixture.ts';

/** An auditor's pictures in memory, beside the archive of the events that announce them. */
export class MemoryPictureArchive implements PictureArchive {
  /** Payloads by their digest. */
  readonly kept = new Map<string, { readonly payload: string; readonly expiresAtMs: number }>();
  /** Thrown by the next `keep`. */
  fault: Error | undefined;
  readonly #events: MemoryArchive;

  constructor(events: MemoryArchive) {
    this.#events = events;
  }

  announcements(): readonly AnnouncedPicture[] {
    return this.#events.events.flatMap((event) => readAnnouncement(event) ?? []);
  }

  announced(gateId: string, digest: string): AnnouncedPicture | undefined {
    return this.announcements().find(
      (picture) => picture.gateId === gateId && picture.digest === digest,
    );
  }

  keep({ digest, expiresAtMs }: AnnouncedPicture, payload: string): void {
    const { fault } = this;
    this.fault = undefined;
    if (fault !== undefined) throw fault;
    this.kept.set(digest, { payload, expiresAtMs });
  }

  expire(now: number): void {
    for (const [digest, { expiresAtMs }] of this.kept) {
      if (expiresAtMs <= now) this.kept.delete(digest);
    }
  }
}
