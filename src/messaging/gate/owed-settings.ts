import type { Clock } from '../../domain/ports/clock.ts';
import { type MonotonicMs, monotonicMs } from '../../domain/units.ts';
import type { SiteStore } from './gate-ports.ts';

export interface OwedSettingsParts {
  readonly store: Pick<SiteStore, 'setting' | 'setSetting'>;
  readonly clock: Clock;
  /** Told of every attempt that failed. */
  readonly onFault: (error: unknown) => void;
}

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;

interface Owed {
  readonly value: string;
  readonly onKept: () => void;
}

/**
 * The newest of each setting, until the store has it. The broker sends head, trust list and keys once a connection:
 * one that a full disk refused would otherwise be missing until the next, and a trust list after the next
 * start, with whoever it revoked.
 */
export class OwedSettings {
  readonly #parts: OwedSettingsParts;
  readonly #owed = new Map<string, Owed>();
  #delayMs = FIRST_RETRY_MS;
  #dueMs: MonotonicMs = monotonicMs(0);

  constructor(parts: OwedSettingsParts) {
    this.#parts = parts;
  }

  setting(name: string): string | undefined {
    return this.#parts.store.setting(name);
  }

  /** Never throws: what cannot be written now is tried again. `onKept`: it is durable. */
  setSetting(name: string, value: string, onKept: () => void = () => undefined): void {
    this.#owed.set(name, { value, onKept });
    this.#write();
  }

  /** To be called about once a second. */
  retry(): void {
    if (this.#owed.size > 0 && this.#parts.clock.now() >= this.#dueMs) this.#write();
  }

  #write(): void {
    const { store, clock, onFault } = this.#parts;
    try {
      for (const [name, { value, onKept }] of this.#owed) {
        store.setSetting(name, value);
        this.#owed.delete(name);
        onKept();
      }
      this.#delayMs = FIRST_RETRY_MS;
    } catch (error) {
      this.#dueMs = monotonicMs(clock.now() + this.#delayMs);
      this.#delayMs = Math.min(2 * this.#delayMs, LAST_RETRY_MS);
      onFault(error);
    }
  }
}
