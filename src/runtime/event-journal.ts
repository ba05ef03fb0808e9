import type { GateEvent, NumberedEvent } from '../domain/events.ts';
import type { EventSink } from '../domain/ports/event-sink.ts';
import type { Logger } from '../domain/ports/logger.ts';

export interface EventJournalOptions {
  readonly sink: EventSink;
  readonly logger: Logger;
  readonly onStored: (numbered: NumberedEvent) => void;
  /** The sink did not take an event; it is asked again by `catchUp`. Must not throw. */
  readonly onFailure: (error: unknown) => void;
}

/** A gate that cannot write makes few events, since it opens for nobody; more than this is a defect. */
const MOST_WAITING = 10_000;

/**
 * Hands events to the store in their order, and keeps those that it will not take until it does:
 * a full disk delays events, it does not lose them. Never throws.
 */
export class EventJournal {
  readonly #options: EventJournalOptions;
  #waiting: GateEvent[] = [];
  #isCatchingUp = false;

  constructor(options: EventJournalOptions) {
    this.#options = options;
  }

  /** Events wait to be stored: what the gate does now leaves no trace if the power fails. */
  get isBehind(): boolean {
    return this.#waiting.length > 0;
  }

  append(event: GateEvent): void {
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push(event);
    else {
      const { type } = event;
      this.#options.logger.error(
        { event: 'event.lost', type },
        'too many events wait for the store',
      );
    }
    this.catchUp();
  }

  /** Hands over what waits, oldest first, until the sink fails. */
  catchUp(): void {
    // What a failure sets off is an event too: it queues behind the one that failed.
    if (this.#isCatchingUp) return;
    this.#isCatchingUp = true;
    try {
      for (;;) {
        const [event] = this.#waiting;
        if (event === undefined) return;
        const numbered = this.#options.sink.append(event);
        this.#waiting.shift();
        this.#options.onStored(numbered);
      }
    } catch (error) {
      this.#options.onFailure(error);
    } finally {
      this.#isCatchingUp = false;
    }
  }
}
