import type { Logger } from '../../domain/ports/logger.ts';
import type { MessageRefusal } from '../refusal.ts';

/** Counts what was not obeyed; logs the 1st, 10th, 100th ... of a reason, so that a flood floods no log. */
export class RefusalTally {
  readonly #counts = new Map<MessageRefusal, number>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  note(reason: MessageRefusal, about: string): void {
    const count = (this.#counts.get(reason) ?? 0) + 1;
    this.#counts.set(reason, count);
    if (!Number.isInteger(Math.log10(count))) return;
    const fields = { event: 'site.message-refused', reason, about, count };
    this.#logger.warn(fields, 'a message was not obeyed');
  }

  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
