import type { Clock } from '../../domain/ports/clock.ts';
import { Easel, type SpawnEasel } from './easel.ts';
import type { EaselSetup, EaselStyle } from './easel-messages.ts';

export interface OpenEasel {
  readonly easel: Easel;
  readonly styles: readonly EaselStyle[];
}

/** A run that is still not over so long after the order to stop is ended with its process. */
export const YIELD_WITHIN_MS = 1_000;

/** Keeps one painter's process ready, and takes care that it rests when it must. */
export class EaselKeeper {
  readonly #clock: Clock;
  readonly #spawn: SpawnEasel;
  readonly #setup: EaselSetup;
  #easel: Easel | undefined;
  #open: OpenEasel | undefined;

  constructor(parts: {
    readonly clock: Clock;
    readonly spawn: SpawnEasel;
    readonly setup: EaselSetup;
  }) {
    this.#clock = parts.clock;
    this.#spawn = parts.spawn;
    this.#setup = parts.setup;
  }

  /** @throws PORTICO_ART_UNAVAILABLE when it cannot be had */
  async ready(): Promise<OpenEasel> {
    if (this.#open !== undefined && !this.#open.easel.isGone) return this.#open;
    this.discard();
    const easel = new Easel(this.#spawn);
    this.#easel = easel;
    const reply = await easel.ask({ kind: 'open', setup: this.#setup });
    this.#open = { easel, styles: reply.kind === 'ready' ? reply.styles : [] };
    return this.#open;
  }

  /** Resolves when nothing runs any more: at the end of the run in work, or after a second by force. */
  async rest(): Promise<void> {
    const easel = this.#easel;
    if (easel === undefined) return;
    const cancel = this.#clock.after(YIELD_WITHIN_MS, () => easel.kill());
    await easel.rests();
    cancel();
  }

  /** What its process holds of memory and of the accelerator is free. */
  discard(): void {
    this.#easel?.kill();
    this.#easel = undefined;
    this.#open = undefined;
  }
}
