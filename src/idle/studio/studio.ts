import { PorticoError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Logger } from '../../domain/ports/logger.ts';
import type { ArtOrder } from '../link/art-messages.ts';
import type { SpawnEasel } from './easel.ts';
import { EaselKeeper } from './easel-keeper.ts';
import type { EaselSetup } from './easel-messages.ts';
import { FastSitting } from './fast-sitting.ts';
import { Permission } from './permission.ts';
import type { Pictures, Sitting, SittingParts, StudioGate } from './sitting.ts';
import { SlowSitting } from './slow-sitting.ts';

export interface StudioParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly gate: StudioGate;
  readonly spawn: SpawnEasel;
  readonly setup: EaselSetup;
  /** What is painted; absent: what the camera sees. */
  readonly gallery: Pictures | undefined;
  /** In whose manner is painted slowly. */
  readonly styles: Pictures | undefined;
  readonly longSidePx: number;
  readonly picturesPerSecond: number;
  readonly slowMs: number;
}

const FIRST_RETRY_MS = 2_000;
const SLOWEST_RETRY_MS = 120_000;

/**
 * The art process at work: paints while the gate allows it and the board is cool, and stops at the end
 * of the run in work. Between two runs nothing is held.
 */
export class Studio {
  readonly #parts: StudioParts;
  readonly #permission = new Permission();
  readonly #keeper: EaselKeeper;
  readonly #sittings: { readonly fast: Sitting; readonly slow: Sitting };
  #order: ArtOrder | undefined;
  #isHot = false;
  #failures = 0;
  /** Ends the pause in work. */
  #alarm = new AbortController();

  constructor(parts: StudioParts) {
    const { clock, gate, gallery, longSidePx, picturesPerSecond, styles, slowMs } = parts;
    this.#parts = parts;
    this.#keeper = new EaselKeeper(parts);
    const sitting: SittingParts = {
      clock,
      gate,
      gallery,
      longSidePx,
      keeper: this.#keeper,
      permission: this.#permission,
      order: () => this.#order,
      pause: (ms) => this.#pause(ms),
    };
    this.#sittings = {
      fast: new FastSitting(sitting, picturesPerSecond),
      slow: new SlowSitting(sitting, { styles, slowMs }),
    };
  }

  /** @param order  absent: the gate is gone */
  async obey(order: ArtOrder | undefined): Promise<void> {
    this.#order = order;
    this.#review();
    this.#alarm.abort();
    if (order?.mayPaint === true) return;
    await this.#keeper.rest();
    if (order !== undefined) this.#parts.gate.stopped(order.serial);
  }

  noteHeat(isHot: boolean): void {
    if (isHot === this.#isHot) return;
    this.#isHot = isHot;
    this.#review();
    const message = isHot ? 'too hot to paint' : 'cool enough to paint again';
    this.#parts.logger.info({ event: 'art.heat', isHot }, message);
  }

  /** Paints until it is aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const end = (): void => {
      this.#alarm.abort();
      this.#keeper.discard();
    };
    signal.addEventListener('abort', end, { once: true });
    for (;;) {
      await this.#permission.wait(signal);
      if (signal.aborted) break;
      try {
        await this.#sittings[this.#order?.manner ?? 'fast'].sit(signal);
        this.#failures = 0;
      } catch (fault) {
        await this.#pause(this.#afterFailure(fault));
      }
    }
    this.#keeper.discard();
  }

  #review(): void {
    this.#permission.set(this.#order?.mayPaint === true && !this.#isHot);
  }

  /** A painter that was ended because somebody came is no failure. */
  #afterFailure(fault: unknown): number {
    this.#keeper.discard();
    if (!this.#permission.isGiven) return 0;
    this.#failures += 1;
    this.#parts.gate.nothing();
    const { code, message } =
      fault instanceof PorticoError ? fault : { code: 'unexpected', message: String(fault) };
    this.#parts.logger.warn({ event: 'art.failed', code, detail: message }, 'nothing was painted');
    return Math.min(SLOWEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.#failures - 1));
  }

  async #pause(ms: number): Promise<void> {
    this.#alarm = new AbortController();
    await this.#parts.clock.sleep(ms, this.#alarm.signal).catch(() => undefined);
  }
}
