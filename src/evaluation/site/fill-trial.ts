import type { Clock } from '../../domain/ports/clock.ts';
import { CountedLine } from './counted-line.ts';
import { Patience } from './patience.ts';
import { TrialGateProcess } from './trial-gate-process.ts';
import type { TrialReport } from './trial-messages.ts';
import type { TrialSite } from './trial-site.ts';

/** Everybody to a gate that knows nobody. */
export interface FillFigures {
  readonly people: number;
  /** Signing, sealing and publishing them, at the desk. */
  readonly publishSeconds: number;
  readonly seconds: number;
  /** Received by the gate, TLS included. */
  readonly bytes: number;
  readonly recordMessages: number;
  readonly gateCpuSeconds: number;
  /** Of the gate's process before it joined, and at most afterwards. */
  readonly rssBeforeBytes: number;
  readonly peakRssBytes: number;
}

/** What travels to a gate that was away while people changed. */
export interface ReconnectFigures {
  readonly changes: number;
  /** From the moment the line was mended, the wait before the next attempt included. */
  readonly seconds: number;
  readonly bytes: number;
  readonly recordMessages: number;
  readonly otherMessages: number;
}

const POLL_MS = 20;
/** The broker notices at once that the line is cut; so does the gate. */
const AWAY_MS = 1_000;

/** One gate with everybody in it, on a line that is counted. */
export class FullGate {
  readonly gateId = 'gate-full';
  readonly gate: TrialGateProcess;
  readonly #site: TrialSite;
  readonly #line: CountedLine;

  private constructor(site: TrialSite, gate: TrialGateProcess, line: CountedLine) {
    this.#site = site;
    this.gate = gate;
    this.#line = line;
  }

  static async fill(
    site: TrialSite,
    people: number,
  ): Promise<{ readonly gate: FullGate; readonly figures: FillFigures }> {
    const { clock, signal, gateCommand, onProgress } = site.around;
    const line = await CountedLine.to(site.port);
    const [passport = ''] = await site.provision(['gate-full'], line.port);
    const publishedFrom = clock.now();
    await site.enrol(Array.from({ length: people }, (_, index) => index));
    const publishSeconds = seconds(clock, publishedFrom);
    const gate = new TrialGateProcess(gateCommand(site.folder), clock);
    const full = new FullGate(site, gate, line);
    try {
      const before = await gate.report(signal);
      const startedAt = clock.now();
      gate.start([passport]);
      const after = await full.#whenCurrent((report) =>
        onProgress('filling a fresh gate', report.people / people, `${report.people} people`),
      );
      const figures = {
        people: after.people,
        publishSeconds,
        seconds: seconds(clock, startedAt),
        bytes: line.bytesDown,
        recordMessages: after.recordMessages,
        gateCpuSeconds: round((after.cpuMs - before.cpuMs) / 1_000),
        rssBeforeBytes: before.rssBytes,
        peakRssBytes: after.peakRssBytes,
      };
      return { gate: full, figures };
    } catch (error) {
      await full.close();
      throw error;
    }
  }

  /** Cuts the line, changes some people, mends it. */
  async reconnect(changed: readonly number[]): Promise<ReconnectFigures> {
    const { clock, signal } = this.#site.around;
    this.#line.cut();
    await clock.sleep(AWAY_MS, signal);
    await this.#site.enrol(changed, 1);
    const before = await this.gate.report(signal);
    const bytesBefore = this.#line.bytesDown;
    this.#line.mend();
    const mendedAt = clock.now();
    const after = await this.#whenCurrent(
      () => undefined,
      (report) => report.recordMessages - before.recordMessages >= changed.length,
    );
    return {
      changes: changed.length,
      seconds: seconds(clock, mendedAt),
      bytes: this.#line.bytesDown - bytesBefore,
      recordMessages: after.recordMessages - before.recordMessages,
      otherMessages: after.otherMessages - before.otherMessages,
    };
  }

  async close(): Promise<void> {
    await this.gate.close();
    await this.#line.close();
  }

  async #whenCurrent(
    onReport: (report: TrialReport) => void,
    holds: (report: TrialReport) => boolean = () => true,
  ): Promise<TrialReport> {
    const { clock, signal } = this.#site.around;
    const patience = new Patience('a gate with its roster', clock);
    for (;;) {
      const report = await this.gate.report(signal);
      patience.note(report.recordMessages);
      onReport(report);
      if (report.current === 1 && holds(report)) return report;
      await clock.sleep(POLL_MS, signal);
    }
  }
}

const seconds = (clock: Clock, sinceMs: number): number => round((clock.now() - sinceMs) / 1_000);
const round = (value: number): number => Math.round(value * 100) / 100;
