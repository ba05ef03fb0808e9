import type { ErrorCode, PorticoError } from '../domain/errors.ts';
import type { EventSink } from '../domain/ports/event-sink.ts';
import type { Logger } from '../domain/ports/logger.ts';

/** The faults that hold at this moment, each reported once when it begins and once when it ends. */
export class FaultBoard {
  readonly #events: EventSink;
  readonly #logger: Logger;
  readonly #current = new Map<ErrorCode, string>();

  constructor(events: EventSink, logger: Logger) {
    this.#events = events;
    this.#logger = logger;
  }

  raise(fault: PorticoError): void {
    if (this.#current.has(fault.code)) return;
    this.#current.set(fault.code, fault.message);
    const { code, message: detail, remedy } = fault;
    this.#logger.error({ event: 'fault.raised', code, detail, remedy }, 'a fault began');
    this.#record({ type: 'fault.raised', code, detail });
  }

  clear(...codes: readonly ErrorCode[]): void {
    for (const code of codes) {
      if (!this.#current.delete(code)) continue;
      this.#logger.info({ event: 'fault.cleared', code }, 'a fault ended');
      this.#record({ type: 'fault.cleared', code });
    }
  }

  has(...codes: readonly ErrorCode[]): boolean {
    return codes.some((code) => this.#current.has(code));
  }

  /** In the order in which they began. */
  codes(): readonly ErrorCode[] {
    return [...this.#current.keys()];
  }

  /** A store that cannot take the event is a fault of its own; reporting must not throw. */
  #record(event: Parameters<EventSink['append']>[0]): void {
    try {
      this.#events.append(event);
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : 'unknown';
      this.#logger.error(
        { event: 'event.lost', type: event.type, detail },
        'an event was not stored',
      );
    }
  }
}
