import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ProtocolError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import { giveUpOn } from './patience.ts';
import {
  parseTrialNews,
  type TrialNews,
  type TrialOrder,
  type TrialReport,
} from './trial-messages.ts';

/** How a process that runs `runTrialGates` is started: program and arguments. */
export type TrialGateCommand = readonly [string, ...string[]];

/** A process with gates in it. */
export class TrialGateProcess {
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  readonly #listeners = new Set<(news: TrialNews, atMs: number) => void>();

  constructor([program, ...args]: TrialGateCommand, clock: Clock) {
    this.#clock = clock;
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const { stdout } = this.#child;
    if (stdout === null) throw gone();
    createInterface({ input: stdout }).on('line', (line) => {
      const atMs = clock.now();
      const news = parseTrialNews(line);
      for (const listener of this.#listeners) listener(news, atMs);
    });
    this.#child.stdin?.on('error', () => undefined);
  }

  start(passports: readonly string[]): void {
    this.#say({ kind: 'start', passports: [...passports] });
  }

  visit(identityId: string, probe: Float32Array): void {
    this.#say({ kind: 'visit', identityId, probe: [...probe] });
  }

  async report(signal: AbortSignal): Promise<TrialReport> {
    const report = this.#next((news) => (news.kind === 'report' ? news : undefined), signal);
    this.#say({ kind: 'report' });
    return (await report).value;
  }

  /** Until everybody whom this names has done so. @returns when each did, clock milliseconds */
  onNews(listener: (news: TrialNews, atMs: number) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The next decision about this person. @returns when it was heard here, clock milliseconds */
  async decided(
    identityId: string,
    outcome: 'recognised' | 'stranger',
    signal: AbortSignal,
  ): Promise<number> {
    const isIt = (news: TrialNews): boolean =>
      news.kind === 'decided' && news.identityId === identityId && news.outcome === outcome;
    return (await this.#next((news) => (isIt(news) ? news : undefined), signal)).atMs;
  }

  /** Ends in order. Idempotent. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.stdin?.end();
    const cancel = this.#clock.after(20_000, () => this.#child.kill('SIGKILL'));
    await ended;
    cancel();
  }

  #say(order: TrialOrder): void {
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  #next<T>(
    pick: (news: TrialNews) => T | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly value: T; readonly atMs: number }> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        cancel();
        forget();
        this.#child.off('exit', onExit);
        signal.removeEventListener('abort', onAbort);
      };
      const fail = (reason: unknown): void => {
        end();
        reject(reason);
      };
      const onExit = (): void => fail(gone());
      const onAbort = (): void => fail(signal.reason);
      const cancel = giveUpOn('an answer of the gates', this.#clock, fail);
      const forget = this.onNews((news, atMs) => {
        const value = pick(news);
        if (value === undefined) return;
        end();
        resolve({ value, atMs });
      });
      this.#child.once('exit', onExit);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}

const gone = (): ProtocolError =>
  new ProtocolError('PORTICO_SITE_UNREACHABLE', {
    message: 'a process with gates of the measurement has ended',
    remedy: 'Look at its messages above; more memory or fewer gates may help.',
  });
