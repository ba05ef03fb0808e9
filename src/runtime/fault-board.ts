import type { ErrorCode, PorticoError } from '../domain/errors.ts';
import type { GateEvent } from '../domain/events.ts';
import type { Logger } from '../domain/ports/logger.ts';

/**
 * The faults that hold at this moment, each reported once when it begins and once when it ends.
 * Reporting must not throw.
 */
export class FaultBoard {
  readonly #report: (event: GateEvent) => void;
  readonly #logger: Logger;
  readonly #current = new Map<ErrorCode, string>();

  constructor(report: (event: GateEvent) => void, logger: Logger) {
    this.#report = report;
    this.#logger = logger;
  }

  raise(fault: PorticoError): void {
    if (this.#current.has(fault.code)) return;
    this.#current.set(fault.code, fault.message);
    const { code, message: detail, remedy } = fault;
    this.#logger.error({ event: 'fault.raised', code, detail, remedy }, 'a fault began');
    this.#report({ type: 'fault.raised', code, detail });
  }

  clear(...codes: readonly ErrorCode[]): void {
    for (const code of codes) {
      if (!this.#current.delete(code)) continue;
      this.#logger.info({ event: 'fault.cleared', code }, 'a fault ended');
      this.#report({ type: 'fault.cleared', code });
    }
  }

  /** In the order in which they began. */
  codes(): readonly ErrorCode[] {
    return [...this.#current.keys()];
  }
}
