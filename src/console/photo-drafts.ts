import { randomBytes } from 'node:crypto';
import type { Clock } from '../domain/ports/clock.ts';
import type { NewTemplate } from '../gallery/roster-shapes.ts';

const KEPT_MS = 15 * 60_000;
const KEPT_AT_MOST = 64;

interface Draft {
  readonly samples: readonly NewTemplate[];
  readonly untilMs: number;
}

/** What was read from photographs and is not enrolled yet: in memory only, and not for long. */
export class PhotoDrafts {
  readonly #clock: Clock;
  readonly #drafts = new Map<string, Draft>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns the name by which the page refers to it */
  keep(samples: readonly NewTemplate[]): string {
    this.#forgetOld();
    for (const [oldest] of this.#drafts) {
      if (this.#drafts.size < KEPT_AT_MOST) break;
      this.#drafts.delete(oldest);
    }
    const draftId = randomBytes(12).toString('base64url');
    this.#drafts.set(draftId, { samples, untilMs: this.#clock.now() + KEPT_MS });
    return draftId;
  }

  find(draftId: string): readonly NewTemplate[] | undefined {
    this.#forgetOld();
    return this.#drafts.get(draftId)?.samples;
  }

  forget(draftIds: Iterable<string>): void {
    for (const draftId of draftIds) this.#drafts.delete(draftId);
  }

  #forgetOld(): void {
    const now = this.#clock.now();
    for (const [draftId, { untilMs }] of this.#drafts) {
      if (untilMs <= now) this.#drafts.delete(draftId);
    }
  }
}
