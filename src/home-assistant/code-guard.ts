import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../domain/ports/clock.ts';

export interface GuessLimit {
  /** Wrong codes within the window before none counts any more, not even the right one. */
  readonly most: number;
  readonly windowMs: number;
}

/** With eight digits, five guesses in a quarter of an hour take three centuries for one chance in two. */
export const GUESS_LIMIT: GuessLimit = { most: 5, windowMs: 15 * 60_000 };

/**
 * 'wrong': it counts as a guess. 'blocked-now': it was wrong and the last that was allowed.
 * 'blocked': nothing was compared.
 */
export type CodeVerdict = 'right' | 'wrong' | 'blocked-now' | 'blocked';

/**
 * The secret of one way in. Keeps a digest under a key of its own, so that comparing takes as long
 * whatever is compared and the code itself lies nowhere in memory.
 */
export class CodeGuard {
  readonly #key = randomBytes(32);
  readonly #digest: Uint8Array;
  readonly #clock: Clock;
  readonly #limit: GuessLimit;
  #guessedAtMs: readonly number[] = [];

  constructor(code: string, clock: Clock, limit: GuessLimit = GUESS_LIMIT) {
    this.#digest = this.#digestOf(code);
    this.#clock = clock;
    this.#limit = limit;
  }

  /** A right code forgives no wrong ones: otherwise those who know it would lend guesses to those who do not. */
  check(code: string): CodeVerdict {
    const { most, windowMs } = this.#limit;
    const now = this.#clock.now();
    this.#guessedAtMs = this.#guessedAtMs.filter((atMs) => now - atMs < windowMs);
    if (this.#guessedAtMs.length >= most) return 'blocked';
    if (timingSafeEqual(this.#digestOf(code), this.#digest)) return 'right';
    this.#guessedAtMs = [...this.#guessedAtMs, now];
    return this.#guessedAtMs.length >= most ? 'blocked-now' : 'wrong';
  }

  #digestOf(code: string): Uint8Array {
    return createHmac('sha256', this.#key).update(code, 'utf8').digest();
  }
}
