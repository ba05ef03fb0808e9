import { EvaluationError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/clock.ts';

/** A busy machine is slow; one that gets no further for so long will not. */
const STUCK_AFTER_MS = 120_000;

/** Waits for something that takes as long as it takes, but not for something that has stopped. */
export class Patience {
  readonly #what: string;
  readonly #clock: Clock;
  #reached: number | undefined;
  #progressAtMs: number;

  constructor(what: string, clock: Clock) {
    this.#what = what;
    this.#clock = clock;
    this.#progressAtMs = clock.now();
  }

  /** @param reached  differs whenever it got further @throws PORTICO_EVALUATION_DATA when it has not for long */
  note(reached: number): void {
    const now = this.#clock.now();
    if (reached !== this.#reached) this.#progressAtMs = now;
    this.#reached = reached;
    if (now - this.#progressAtMs > STUCK_AFTER_MS) throw stuck(this.#what, reached);
  }
}

/** The same for an answer: rejects when it has not come for long. @returns what calls it off */
export function giveUpOn(
  what: string,
  clock: Clock,
  reject: (reason: EvaluationError) => void,
): () => void {
  return clock.after(STUCK_AFTER_MS, () => reject(stuck(what, 0)));
}

const stuck = (what: string, reached: number): EvaluationError =>
  new EvaluationError('PORTICO_EVALUATION_DATA', {
    message: `the measurement is stuck: ${what} got no further than ${reached} for ${STUCK_AFTER_MS / 1_000} s`,
    remedy: 'Measure on a machine with less to do, or fewer gates and people.',
  });
