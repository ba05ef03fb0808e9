import { PorticoError } from '../domain/errors.ts';
import type { Cancel, Clock } from '../domain/ports/clock.ts';
import type { Logger } from '../domain/ports/logger.ts';
import type { SiteDesk } from '../messaging/seat/site-desk.ts';
import { keepHeadFresh } from '../office/renew-head.ts';
import { SitePeople } from '../office/site-people.ts';
import type { RosterReport } from './console-news.ts';

export interface RosterWatchParts {
  readonly desk: SiteDesk;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Something of the report changed. */
  readonly onChange: (report: RosterReport) => void;
}

const LOOK_MS = 1_000;
const TRY_AGAIN_MS = 5_000;

/**
 * Opens the site's people beside everything else, and keeps them as the newest records say. A page is
 * told from the beginning how far this is; nobody can be enrolled before it is done, because a
 * duplicate could not be noticed. As long as it is watched, the roster's head is renewed in time.
 */
export class RosterWatch {
  readonly #parts: RosterWatchParts;
  readonly #abort = new AbortController();
  #people: SitePeople | undefined;
  #report: RosterReport;
  #isLooking = false;
  #cancel: Cancel = () => undefined;

  constructor(parts: RosterWatchParts) {
    this.#parts = parts;
    const standing = this.#canRead ? 'loading' : 'unreadable';
    this.#report = { revision: 0, total: 0, standing };
  }

  /** Undefined until the whole roster is here. */
  get people(): SitePeople | undefined {
    return this.#people;
  }

  get report(): RosterReport {
    return this.#report;
  }

  begin(): void {
    if (this.#canRead) void this.#open();
  }

  /** Takes over what came since. */
  async look(): Promise<void> {
    if (this.#people === undefined || this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.#people.refresh({ signal: this.#abort.signal });
      if (this.#parts.desk.isConnected) await this.#people.vouch();
    } catch (error) {
      this.#logFailure(error);
    }
    this.#isLooking = false;
    if (this.#people.revision !== this.#report.revision) this.#tellComplete();
  }

  close(): void {
    this.#abort.abort(new Error('closed'));
    this.#cancel();
  }

  /** Auditors hold no key that opens a record. */
  get #canRead(): boolean {
    return this.#parts.desk.roles().some((role) => role !== 'audit');
  }

  async #open(): Promise<void> {
    const { desk, clock } = this.#parts;
    const { signal } = this.#abort;
    try {
      this.#people = await SitePeople.open({
        desk,
        clock,
        signal,
        onProgress: (read, total) => this.#tell({ revision: 0, total, read, standing: 'loading' }),
      });
    } catch (error) {
      if (signal.aborted) return;
      this.#tell({ revision: 0, total: 0, standing: 'incomplete' });
      this.#logFailure(error);
      this.#cancel = clock.after(TRY_AGAIN_MS, () => void this.#open());
      return;
    }
    if (signal.aborted) return;
    this.#tellComplete();
    this.#cancel = clock.every(LOOK_MS, () => void this.look());
    await keepHeadFresh(desk, clock, signal);
  }

  #tellComplete(): void {
    if (this.#people === undefined) return;
    const { revision, unreadable } = this.#people;
    const total = this.#people.identities().length;
    this.#tell({ revision, total, unreadable, standing: 'complete' });
  }

  #tell(report: RosterReport): void {
    this.#report = report;
    this.#parts.onChange(report);
  }

  #logFailure(error: unknown): void {
    if (this.#abort.signal.aborted) return;
    const code = error instanceof PorticoError ? error.code : 'unexpected';
    const fields = { event: 'console.roster-failed', code, error };
    this.#parts.logger.warn(fields, 'the roster could not be read');
  }
}
