import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { GateEvent } from '../domain/events.ts';
import { GATE_STAGES, type GateStage } from '../domain/gate-stage.ts';
import type { StageTimings } from '../domain/observation.ts';
import type { MachineReading } from '../domain/ports/machine-sensors.ts';
import type { HeartbeatVerdict } from './heartbeat.ts';
import type { StatusReport } from './status-report.ts';

/** From a fast accelerator to a board in trouble, seconds. */
const STAGE_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];
const ENTRY_BUCKETS = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3];

/** What the page of metrics needs at the moment at which it is asked for. */
export interface MetricsSnapshot {
  readonly verdict: HeartbeatVerdict;
  ageMs(stage: GateStage): number | undefined;
  readonly faults: readonly string[];
  readonly doorState: string | undefined;
  readonly reading: MachineReading | undefined;
  /** Undefined where the gate stands alone. */
  readonly site: StatusReport['site'];
}

/**
 * The gate in numbers, in the format of Prometheus. Labels are words of ours (stages, reasons, codes):
 * never a person, a name or a path.
 */
export class GateMetrics {
  readonly #registry = new Registry();
  readonly #work = this.#counter('portico_stage_work_total', 'Completed pieces of work', 'stage');
  readonly #decisions = new Counter({
    name: 'portico_decisions_total',
    help: 'Visits that ended in a decision, by outcome and leading reason',
    labelNames: ['outcome', 'reason'],
    registers: [this.#registry],
  });
  readonly #events = this.#counter('portico_events_total', 'Events stored', 'type');
  readonly #faultsRaised = this.#counter('portico_faults_total', 'Faults that began', 'code');
  readonly #stageTime = new Histogram({
    name: 'portico_stage_seconds',
    help: 'Time of each stage of vision per frame',
    labelNames: ['stage'],
    buckets: STAGE_BUCKETS,
    registers: [this.#registry],
  });
  readonly #entryTime = new Histogram({
    name: 'portico_frame_to_relay_seconds',
    help: 'From the frame that decided to the relay that confirmed',
    buckets: ENTRY_BUCKETS,
    registers: [this.#registry],
  });
  readonly #snapshot: () => MetricsSnapshot;

  constructor(version: string, snapshot: () => MetricsSnapshot) {
    this.#snapshot = snapshot;
    collectDefaultMetrics({ register: this.#registry });
    this.#gauge('portico_build_info', 'Always 1; the version is the label', 'version').set(
      { version },
      1,
    );
    this.#collected('portico_alive', 'Every stage that owes work has done it in time', () =>
      Number(snapshot().verdict.isAlive),
    );
    this.#collected(
      'portico_temperature_celsius',
      'The hottest sensor',
      () => snapshot().reading?.hottestC,
    );
    this.#collected('portico_throttled', 'The processor is slowed down for its heat', () => {
      const isThrottled = snapshot().reading?.isThrottled;
      return isThrottled === undefined ? undefined : Number(isThrottled);
    });
    this.#collected(
      'portico_store_free_bytes',
      'Room for the store',
      () => snapshot().reading?.freeBytes,
    );
    this.#registerStates();
    this.#registerSite();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The whole page. */
  render(): Promise<string> {
    return this.#registry.metrics();
  }

  countWork(stage: GateStage): void {
    this.#work.inc({ stage });
  }

  observeTimings(timings: StageTimings): void {
    for (const [stage, ms] of Object.entries(timings)) {
      this.#stageTime.observe({ stage }, ms / 1_000);
    }
  }

  countEvent(event: GateEvent): void {
    this.#events.inc({ type: event.type });
    if (event.type === 'access.granted') {
      this.#decisions.inc({ outcome: 'granted', reason: 'none' });
      this.#entryTime.observe(event.frameToRelayMs / 1_000);
    } else if (event.type === 'access.denied') {
      this.#decisions.inc({ outcome: 'denied', reason: event.reasons[0] ?? 'none' });
    } else if (event.type === 'fault.raised') this.#faultsRaised.inc({ code: event.code });
  }

  /** Gauges with one label that are set anew each time they are asked for. */
  #registerStates(): void {
    const snapshot = this.#snapshot;
    new Gauge({
      name: 'portico_stage_age_seconds',
      help: 'Since the last completed work of the stage',
      labelNames: ['stage'],
      registers: [this.#registry],
      collect() {
        const now = snapshot();
        for (const stage of GATE_STAGES) {
          const ageMs = now.ageMs(stage);
          if (ageMs !== undefined) this.set({ stage }, ageMs / 1_000);
        }
      },
    });
    new Gauge({
      name: 'portico_fault',
      help: '1 while the fault holds',
      labelNames: ['code'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const code of snapshot().faults) this.set({ code }, 1);
      },
    });
    new Gauge({
      name: 'portico_door',
      help: '1 for the state of the door',
      labelNames: ['state'],
      registers: [this.#registry],
      collect() {
        this.reset();
        const state = snapshot().doorState;
        if (state !== undefined) this.set({ state }, 1);
      },
    });
  }

  #registerSite(): void {
    const snapshot = this.#snapshot;
    const heardAgo = (): number | undefined => {
      const heardAgoMs = snapshot().site?.heardAgoMs;
      return heardAgoMs === undefined ? undefined : heardAgoMs / 1_000;
    };
    const connected = (): number | undefined => {
      const isConnected = snapshot().site?.isConnected;
      return isConnected === undefined ? undefined : Number(isConnected);
    };
    this.#collected('portico_site_connected', 'The broker of the site is there', connected);
    this.#collected('portico_site_heard_seconds', 'Since the broker was last heard', heardAgo);
    this.#collected(
      'portico_site_epoch',
      "Of the roster's newest head",
      () => snapshot().site?.epoch,
    );
    this.#collected(
      'portico_site_people',
      'People that came over the site',
      () => snapshot().site?.people,
    );
    this.#collected(
      'portico_site_events_waiting',
      'Events that nobody has in safe keeping yet',
      () => snapshot().site?.waitingEvents,
    );
    new Gauge({
      name: 'portico_site_refused',
      help: 'Messages of the site that were not obeyed since the start, by reason',
      labelNames: ['reason'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [reason, count] of Object.entries(snapshot().site?.refusals ?? {})) {
          this.set({ reason }, count);
        }
      },
    });
  }

  #counter<Label extends string>(name: string, help: string, label: Label): Counter<Label> {
    return new Counter({ name, help, labelNames: [label], registers: [this.#registry] });
  }

  #gauge<Label extends string>(name: string, help: string, label: Label): Gauge<Label> {
    return new Gauge({ name, help, labelNames: [label], registers: [this.#registry] });
  }

  /** Asked for its value each time; a value that is not known is not shown as zero. */
  #collected(name: string, help: string, value: () => number | undefined): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        const now = value();
        if (now === undefined) this.remove();
        else this.set(now);
      },
    });
  }
}
