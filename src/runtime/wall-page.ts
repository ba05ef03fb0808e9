import type { PorticoError } from '../domain/errors.ts';
import type { Cancel, Clock } from '../domain/ports/clock.ts';
import type { Kiosk } from '../kiosk/kiosk.ts';
import type { KioskState } from '../kiosk/kiosk-state.ts';
import { asFault } from './as-fault.ts';

export interface WallPageParts {
  readonly clock: Clock;
  /** Absent: the gate has no page. */
  readonly open: (() => Promise<Kiosk>) | undefined;
  readonly onFault: (fault: PorticoError) => void;
  readonly onOpen: () => void;
}

const RETRY_MS = 10_000;

/** The page on the wall, if it can be had. The door does not depend on its display. */
export class WallPage {
  readonly #parts: WallPageParts;
  #kiosk: Kiosk | undefined;
  #isClosed = false;
  #cancelRetry: Cancel = () => undefined;

  constructor(parts: WallPageParts) {
    this.#parts = parts;
  }

  get url(): string | undefined {
    return this.#kiosk?.url;
  }

  get isOpen(): boolean {
    return this.#kiosk !== undefined;
  }

  /** Never rejects: a page that cannot be served is a fault, and is tried again. */
  async open(): Promise<void> {
    const { clock, open, onFault, onOpen } = this.#parts;
    try {
      const kiosk = await open?.();
      if (kiosk === undefined) return;
      if (this.#isClosed) {
        await kiosk.close();
        return;
      }
      this.#kiosk = kiosk;
      onOpen();
    } catch (error) {
      if (this.#isClosed) return;
      onFault(asFault(error));
      this.#cancelRetry = clock.after(RETRY_MS, () => void this.open());
    }
  }

  publish(state: KioskState): void {
    this.#kiosk?.publish(state);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelRetry();
    await this.#kiosk?.close();
  }
}
