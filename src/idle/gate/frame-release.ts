import { type FrameSize, frameBytes } from '../../domain/frame.ts';
import type { Observation } from '../../domain/observation.ts';

/** Which frames of the camera the art process may have. */
export type FrameRule = 'none' | 'without-faces' | 'every';

/** Copies the newest frame and says which it was; undefined when there is none. */
export type CopyNewest = (into: Uint8Array) => { readonly sequence: number } | undefined;

/** Hands one frame over; the pixels may be overwritten once `onWritten` was called. */
export type SendFrame = (frame: FrameSize, rgb: Uint8Array, onWritten: () => void) => void;

export interface FrameReleaseParts {
  readonly rule: FrameRule;
  readonly size: FrameSize;
  readonly copyNewest: CopyNewest;
}

type Request = { readonly send: SendFrame; readonly refuse: () => void };

/**
 * Gives frames out, one at a time. Under 'without-faces' a frame leaves only when what was seen
 * before it and what was seen in it or after it were both without any face: vision does not look at
 * every frame, and nobody appears and goes between two that it does look at.
 */
export class FrameRelease {
  readonly #parts: FrameReleaseParts;
  readonly #rgb: Uint8Array;
  #isLastClear = false;
  #isWriting = false;
  #held: (Request & { readonly sequence: number }) | undefined;

  constructor(parts: FrameReleaseParts) {
    this.#parts = parts;
    this.#rgb = new Uint8Array(parts.rule === 'none' ? 0 : frameBytes(parts.size));
  }

  request(send: SendFrame, refuse: () => void): void {
    const { rule, copyNewest } = this.#parts;
    const isBusy = this.#isWriting || this.#held !== undefined;
    const isAllowed = rule === 'every' || (rule === 'without-faces' && this.#isLastClear);
    const frame = isAllowed && !isBusy ? copyNewest(this.#rgb) : undefined;
    if (frame === undefined) refuse();
    else if (rule === 'every') this.#send(send);
    else this.#held = { sequence: frame.sequence, send, refuse };
  }

  /** @param observation  absent: nothing is known of what stands there */
  observe(observation: Observation | undefined): void {
    const isClear = observation?.faceCount === 0 && observation.subject === undefined;
    this.#isLastClear = isClear;
    const held = this.#held;
    if (held === undefined) return;
    if (isClear && observation.sequence < held.sequence) return;
    this.#held = undefined;
    if (isClear) this.#send(held.send);
    else held.refuse();
  }

  /** Whoever asked is gone. */
  forget(): void {
    this.#held = undefined;
  }

  #send(send: SendFrame): void {
    this.#isWriting = true;
    send(this.#parts.size, this.#rgb, () => {
      this.#isWriting = false;
    });
  }
}
