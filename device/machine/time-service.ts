import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import type { Clock } from '../../src/domain/ports/clock.ts';
import type { MonotonicMs } from '../../src/domain/units.ts';

export interface TimeServiceOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** systemd-timesyncd puts it there with its first success after a boot. */
  readonly flagFile?: string;
  /** Asks the kernel by way of systemd, whichever service sets the clock; prints yes or no. */
  readonly program?: readonly [string, ...string[]];
}

const ASK_EVERY_MS = 300_000;
const ANSWERS_WITHIN_MS = 5_000;

/** Whether anybody has set this machine's clock since it was switched on. */
export class TimeService {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #flagFile: string;
  readonly #program: readonly [string, ...string[]];
  #askedAtMs: MonotonicMs | undefined;
  #answer: boolean | undefined;

  constructor(options: TimeServiceOptions) {
    this.#clock = options.clock;
    this.#flagFile = options.flagFile ?? '/run/systemd/timesync/synchronized';
    this.#program = options.program ?? [
      'timedatectl',
      'show',
      '--property=NTPSynchronized',
      '--value',
    ];
  }

  /** Undefined where nobody can say. Never rejects. */
  async isSynchronised(): Promise<boolean | undefined> {
    const isFlagged = await access(this.#flagFile).then(
      () => true,
      () => false,
    );
    if (isFlagged) return true;
    const nowMs = this.#clock.now();
    if (this.#askedAtMs === undefined || nowMs - this.#askedAtMs >= ASK_EVERY_MS) {
      this.#askedAtMs = nowMs;
      this.#answer = await this.#ask();
    }
    return this.#answer;
  }

  #ask(): Promise<boolean | undefined> {
    const [program, ...args] = this.#program;
    return new Promise((resolve) => {
      execFile(program, args, { timeout: ANSWERS_WITHIN_MS }, (error, stdout) => {
        const word = error === null ? stdout.trim() : '';
        resolve(word === 'yes' ? true : word === 'no' ? false : undefined);
      });
    });
  }
}
