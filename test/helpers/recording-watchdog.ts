import type { Watchdog } from '../../src/domain/ports/watchdog.ts';

/** Remembers what the supervisor would have heard. */
export class RecordingWatchdog implements Watchdog {
  readonly description = 'a recording';
  readonly signEveryMs: number | undefined;
  readonly said: string[] = [];

  constructor(signEveryMs: number | undefined = 5_000) {
    this.signEveryMs = signEveryMs;
  }

  get pings(): number {
    return this.said.filter((line) => line === 'ping').length;
  }
  get lastStatus(): string | undefined {
    return this.said.findLast((line) => line.startsWith('status '));
  }

  ready(status: string): void {
    this.said.push(`ready ${status}`);
  }
  status(text: string): void {
    this.said.push(`status ${text}`);
  }
  ping(): void {
    this.said.push('ping');
  }
  extend(byMs: number): void {
    this.said.push(`extend ${byMs}`);
  }
  stopping(status: string): void {
    this.said.push(`stopping ${status}`);
  }
  async close(): Promise<void> {
    this.said.push('close');
  }
}
