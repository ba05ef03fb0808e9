import { madeUpPerson, probeOf } from './made-up-roster.ts';
import { giveUpOn, Patience } from './patience.ts';
import { type Spread, spreadOf } from './spread.ts';
import { TrialGateProcess } from './trial-gate-process.ts';
import type { TrialReport } from './trial-messages.ts';
import type { TrialSite } from './trial-site.ts';

/** Many gates round one broker. */
export interface FleetFigures {
  readonly gates: number;
  readonly processes: number;
  readonly people: number;
  /** From the first gate's start until every gate holds what the head vouches for. */
  readonly convergedSeconds: number;
  /** From publishing a person until a gate has it, with the head, over all gates and changes. */
  readonly changeMs: Spread;
  /** The same until the last gate, over the changes. */
  readonly lastGateMs: Spread;
  /** After the broker was stopped and started: until every gate is connected and current. */
  readonly returnedSeconds: number;
  readonly events: { readonly last: number; readonly acknowledged: number };
  readonly cost: FleetCost;
}

/** What a gate costs the broker and its own machine, on this machine. */
export interface FleetCost {
  readonly brokerCpuMsPerConnection: number;
  readonly brokerCpuMsPerDelivery: number;
  readonly brokerBytesPerConnection: number;
  readonly gateCpuMsPerRecord: number;
  readonly recordBytes: number;
}

const CHANGES = 10;
const POLL_MS = 100;
const LINGER_MS = 3_000;

/** @param sizes  gates, the processes that they share, and people in the roster */
export async function measureFleet(
  site: TrialSite,
  sizes: { readonly gates: number; readonly processes: number; readonly people: number },
): Promise<FleetFigures> {
  const { gates, people } = sizes;
  const gateIds = Array.from({ length: gates }, (_, index) => `gate-${index + 1}`);
  const passports = await site.provision(gateIds);
  await site.enrol(Array.from({ length: people }, (_, index) => index));
  const fleet = new Fleet(site, passports, sizes.processes);
  try {
    return await fleet.measure(people);
  } finally {
    await fleet.close();
  }
}

class Fleet {
  readonly #site: TrialSite;
  readonly #passports: readonly string[];
  readonly #processes: readonly TrialGateProcess[];

  constructor(site: TrialSite, passports: readonly string[], processes: number) {
    this.#site = site;
    this.#passports = passports;
    const { clock, gateCommand } = site.around;
    this.#processes = Array.from(
      { length: processes },
      () => new TrialGateProcess(gateCommand(site.folder), clock),
    );
  }

  async measure(people: number): Promise<FleetFigures> {
    const { broker } = this.#site;
    const gates = this.#passports.length;
    const idle = broker.usage();
    const startedAt = this.#now();
    for (const [index, process] of this.#processes.entries()) {
      process.start(this.#passports.filter((_, at) => at % this.#processes.length === index));
    }
    const filled = await this.#whenCurrent('gates join', people);
    const convergedSeconds = this.#secondsSince(startedAt);
    const full = broker.usage();
    const changes = await this.#change(people);
    await this.#site.around.clock.sleep(LINGER_MS, this.#site.around.signal);
    const { events } = await this.#reports();
    const returned = await this.#restartBroker(people + CHANGES);
    const deliveries = filled.recordMessages + filled.otherMessages;
    const connecting = returned.brokerCpuMs / gates;
    return {
      gates,
      processes: this.#processes.length,
      people,
      convergedSeconds,
      ...changes,
      returnedSeconds: returned.seconds,
      events,
      cost: {
        brokerCpuMsPerConnection: rounded(connecting),
        brokerCpuMsPerDelivery: toMicroseconds(
          Math.max(0, full.cpuMs - idle.cpuMs - returned.brokerCpuMs) / deliveries,
        ),
        brokerBytesPerConnection: Math.round((full.rssBytes - idle.rssBytes) / gates),
        gateCpuMsPerRecord: rounded(filled.cpuMs / Math.max(1, filled.recordMessages)),
        recordBytes: Math.round(filled.payloadBytes / Math.max(1, filled.recordMessages)),
      },
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.close()));
  }

  async #change(first: number): Promise<Pick<FleetFigures, 'changeMs' | 'lastGateMs'>> {
    const { desk, around } = this.#site;
    const all: number[] = [];
    const last: number[] = [];
    for (let change = 0; change < CHANGES; change += 1) {
      around.onProgress('changes reach every gate', change / CHANGES);
      const index = first + change;
      const person = madeUpPerson(index);
      for (const process of this.#processes)
        process.visit(person.identity.identityId, probeOf(index));
      const converged = this.#converged();
      const publishedAt = this.#now();
      await desk.publishRecord(person);
      await desk.publishHead();
      const times = (await converged).map((atMs) => atMs - publishedAt);
      all.push(...times);
      last.push(Math.max(...times));
    }
    return { changeMs: spreadOf(all), lastGateMs: spreadOf(last) };
  }

  /** @returns when each gate was what the head vouches for again */
  #converged(): Promise<readonly number[]> {
    const { clock, signal } = this.#site.around;
    const times = new Map<string, number>();
    return new Promise((resolve, reject) => {
      const end = (): void => {
        cancel();
        for (const stop of stops) stop();
        signal.removeEventListener('abort', onAbort);
      };
      const fail = (reason: unknown): void => {
        end();
        reject(reason);
      };
      const onAbort = (): void => fail(signal.reason);
      const cancel = giveUpOn('a change on its way to every gate', clock, fail);
      const stops = this.#processes.map((process) =>
        process.onNews((news, atMs) => {
          if (news.kind !== 'converged') return;
          times.set(news.gateId, atMs);
          if (times.size < this.#passports.length) return;
          end();
          resolve([...times.values()]);
        }),
      );
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  async #restartBroker(
    people: number,
  ): Promise<{ readonly seconds: number; readonly brokerCpuMs: number }> {
    const { broker } = this.#site;
    await broker.stop();
    await broker.start();
    const startedAt = this.#now();
    const loaded = broker.usage();
    await this.#whenCurrent('gates return', people);
    const seconds = this.#secondsSince(startedAt);
    return { seconds, brokerCpuMs: broker.usage().cpuMs - loaded.cpuMs };
  }

  async #whenCurrent(step: string, people: number): Promise<TrialReport> {
    const { clock, signal, onProgress } = this.#site.around;
    const gates = this.#passports.length;
    const patience = new Patience(step, clock);
    for (;;) {
      const report = await this.#reports();
      patience.note(report.recordMessages + report.connected + report.current);
      onProgress(step, report.current / gates, `${report.current} of ${gates} gates`);
      const isDone = report.connected === gates && report.current === gates;
      if (isDone && report.people === gates * people) return report;
      await clock.sleep(POLL_MS, signal);
    }
  }

  /** All processes' reports in one. */
  async #reports(): Promise<TrialReport> {
    const { signal } = this.#site.around;
    const reports = await Promise.all(this.#processes.map((process) => process.report(signal)));
    return reports.reduce((sum, report) => ({
      kind: 'report',
      gates: sum.gates + report.gates,
      connected: sum.connected + report.connected,
      current: sum.current + report.current,
      people: sum.people + report.people,
      cpuMs: sum.cpuMs + report.cpuMs,
      rssBytes: sum.rssBytes + report.rssBytes,
      peakRssBytes: sum.peakRssBytes + report.peakRssBytes,
      recordMessages: sum.recordMessages + report.recordMessages,
      otherMessages: sum.otherMessages + report.otherMessages,
      payloadBytes: sum.payloadBytes + report.payloadBytes,
      events: {
        last: sum.events.last + report.events.last,
        acknowledged: sum.events.acknowledged + report.events.acknowledged,
      },
    }));
  }

  #now(): number {
    return this.#site.around.clock.now();
  }

  #secondsSince(startedAt: number): number {
    return rounded((this.#now() - startedAt) / 1_000);
  }
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
const toMicroseconds = (ms: number): number => Math.round(ms * 1_000) / 1_000;
