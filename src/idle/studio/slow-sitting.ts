import type { ArtTitle } from '../../domain/art.ts';
import { PorticoError } from '../../domain/errors.ts';
import type { SlowCommission } from './easel-messages.ts';
import { contentOf, PAUSE_MS, type Pictures, type Sitting, type SittingParts } from './sitting.ts';

/** From one look at the painting in work to the next. */
const FADE_MS = 2_000;
/** Runs are kept shorter than this, by painting smaller if need be. */
const LONGEST_RUN_MS = 200;

export interface SlowSittingOptions {
  /** In whose manner; absent: nothing can be painted slowly. */
  readonly styles: Pictures | undefined;
  /** From the first run to the last, without interruptions. */
  readonly slowMs: number;
}

/** One painting that comes into being over minutes, interrupted as often as somebody comes. */
export class SlowSitting implements Sitting {
  readonly #parts: SittingParts;
  readonly #options: SlowSittingOptions;
  #index = 0;

  constructor(parts: SittingParts, options: SlowSittingOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  async sit(signal: AbortSignal): Promise<void> {
    const { styles } = this.#options;
    const { keeper, longSidePx, pause } = this.#parts;
    if (styles === undefined) throw noStyles();
    const style = await styles.picture(this.#index, longSidePx);
    const content = await contentOf(this.#parts, this.#index);
    if (content === undefined) return pause(PAUSE_MS);
    const subject = content.name === undefined ? {} : { subject: content.name };
    const title: ArtTitle = { style: style.name, manner: 'slow', ...subject };
    try {
      const commission = { content, style, longSidePx, longestRunMs: LONGEST_RUN_MS };
      if (!(await this.#paint(commission, title, signal))) return;
    } finally {
      // The engine keeps what it took for a painting: the next one begins in a fresh process.
      keeper.discard();
    }
    this.#index += 1;
    await this.#admire(signal);
  }

  /** @returns false when something else is wanted now */
  async #paint(commission: SlowCommission, title: ArtTitle, signal: AbortSignal): Promise<boolean> {
    const { gate, keeper, pause, permission } = this.#parts;
    const { easel } = await keeper.ready();
    await permission.wait(signal);
    let reply = await easel.ask({ kind: 'begin', commission });
    while (reply.kind === 'waiting') {
      if (reply.jpeg !== undefined) gate.picture(title, FADE_MS, reply.jpeg);
      await pause(this.#options.slowMs / reply.runs);
      await permission.wait(signal);
      if (!this.#isWanted(signal)) return false;
      reply = await easel.ask({ kind: 'go-on' });
    }
    if (reply.kind === 'finished') gate.picture(title, FADE_MS, reply.jpeg);
    return true;
  }

  /** The finished painting hangs for as long as a style stays. */
  async #admire(signal: AbortSignal): Promise<void> {
    const { clock, order, pause } = this.#parts;
    const untilMs = clock.now() + (order()?.intervalS ?? 0) * 1_000;
    while (this.#isWanted(signal) && clock.now() < untilMs) await pause(untilMs - clock.now());
  }

  #isWanted(signal: AbortSignal): boolean {
    return !signal.aborted && this.#parts.order()?.manner !== 'fast';
  }
}

const noStyles = (): PorticoError =>
  new PorticoError('PORTICO_ART_UNAVAILABLE', {
    message: 'there are no pictures in whose manner to paint slowly',
    remedy: 'Set art.styles to a folder of paintings that are free of rights.',
  });
