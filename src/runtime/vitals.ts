import type { DoorStatus } from '../access/door-status.ts';
import type { NumberedEvent } from '../domain/events.ts';
import { GATE_STAGES, type GateStage } from '../domain/gate-stage.ts';
import type { Observation } from '../domain/observation.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { MachineReading } from '../domain/ports/machine-sensors.ts';
import { GateMetrics } from '../health/gate-metrics.ts';
import { Heartbeat } from '../health/heartbeat.ts';
import { RecentLatencies } from '../health/recent-latencies.ts';
import type { StatusReport } from '../health/status-report.ts';
import type { RungReport } from '../inference/providers.ts';
import { describeThreads } from '../inference/thread-choice.ts';
import type { Attendance } from './attendant.ts';
import type { Gate } from './gate.ts';
import type { GateWatcher } from './gate-watcher.ts';
import type { VisionState } from './vision-watch.ts';

export interface VitalsOptions {
  readonly clock: Clock;
  readonly version: string;
  readonly hasPage: boolean;
  readonly residentBytes: () => number;
}

/** Follows a gate and knows how it is: for the watchdog, for Prometheus and for `portico status`. */
export class Vitals implements GateWatcher {
  readonly heartbeat: Heartbeat;
  readonly metrics: GateMetrics;
  readonly #options: VitalsOptions;
  readonly #startedAtMs: ReturnType<Clock['now']>;
  readonly #latencies = new RecentLatencies();
  /** Faults of the door and its inputs reach us as events only. */
  readonly #reported = new Set<string>();
  readonly #decisions = { granted: 0, denied: 0 };
  #gate: Pick<Gate, 'faults' | 'site'> | undefined;
  #door: DoorStatus | undefined;
  #reading: MachineReading | undefined;
  #provider: string | undefined;
  #networks: StatusReport['networks'];
  #livenessWaiver: string | undefined;

  constructor(options: VitalsOptions) {
    const { clock, hasPage, version } = options;
    this.#options = options;
    this.#startedAtMs = clock.now();
    const stages = GATE_STAGES.filter((stage) => stage !== 'page' || hasPage);
    this.heartbeat = new Heartbeat(this.#startedAtMs, stages);
    this.metrics = new GateMetrics(version, () => ({
      verdict: this.heartbeat.verdict(clock.now()),
      ageMs: (stage) => this.heartbeat.ageMs(stage, clock.now()),
      faults: this.faults(),
      doorState: this.#door?.state,
      reading: this.#reading,
      site: this.#site(),
    }));
  }

  /** Asks the gate itself from here on: a gate that cannot store events still knows its faults. */
  follow(gate: Pick<Gate, 'faults' | 'site'>): void {
    this.#gate = gate;
  }

  faults(): readonly string[] {
    const doorFault = this.#door?.fault?.code;
    return [
      ...new Set([
        ...(this.#gate?.faults.codes() ?? []),
        ...(doorFault === undefined ? [] : [doorFault]),
        ...this.#reported,
      ]),
    ];
  }

  /** The hottest sensor at the last reading. */
  get hottestC(): number | undefined {
    return this.#reading?.hottestC;
  }

  noteReading(reading: MachineReading): void {
    this.#reading = reading;
  }

  onWork(stage: GateStage): void {
    this.heartbeat.note(stage, this.#options.clock.now());
    this.metrics.countWork(stage);
  }

  onAttendance(_attendance: Attendance, observation: Observation | undefined): void {
    if (observation === undefined) return;
    this.metrics.observeTimings(observation.timings);
    this.#latencies.add(observation.timings);
  }

  onDoor(status: DoorStatus): void {
    this.#door = status;
  }

  /** A gate that lacks its models is told of, not restarted: it looks for them by itself. */
  onVision(state: VisionState): void {
    this.heartbeat.expect('vision', state.kind === 'ready', this.#options.clock.now());
    this.#provider = state.kind === 'ready' ? state.provider : 'none';
    this.#networks = state.kind === 'ready' ? networksOf(state.ladder) : [];
  }

  onEvent({ event }: NumberedEvent): void {
    this.metrics.countEvent(event);
    if (event.type === 'fault.raised') this.#reported.add(event.code);
    else if (event.type === 'fault.cleared') this.#reported.delete(event.code);
    else if (event.type === 'access.granted') this.#decisions.granted += 1;
    else if (event.type === 'access.denied') this.#decisions.denied += 1;
    else if (event.type === 'gate.started') {
      this.#livenessWaiver = event.livenessWaiver;
    }
  }

  /** A store that fails must not keep the gate from telling how it is. */
  #site(): StatusReport['site'] {
    try {
      return this.#gate?.site?.summary();
    } catch {
      return undefined;
    }
  }

  report(): StatusReport {
    const { clock, version, residentBytes } = this.#options;
    const nowMs = clock.now();
    const { isAlive, overdue, degraded } = this.heartbeat.verdict(nowMs);
    const faults = [...this.faults()];
    const isWhole = degraded.length === 0 && faults.length === 0;
    return {
      schemaVersion: 1,
      version,
      condition: !isAlive ? 'stalled' : isWhole ? 'working' : 'degraded',
      upForMs: nowMs - this.#startedAtMs,
      provider: this.#provider,
      networks: this.#networks,
      livenessWaiver: this.#livenessWaiver,
      stages: GATE_STAGES.map((stage) => ({
        stage,
        ageMs: this.heartbeat.ageMs(stage, nowMs),
        isLate: overdue.includes(stage) || degraded.includes(stage),
      })),
      faults,
      door: this.#door === undefined ? undefined : doorOf(this.#door),
      site: this.#site(),
      decisions: { ...this.#decisions },
      latencyMs: { ...this.#latencies.summary() },
      machine: { ...this.#reading, residentBytes: residentBytes() },
    };
  }
}

const doorOf = ({ state, contact, isLockedDown }: DoorStatus): StatusReport['door'] => ({
  state,
  contact,
  isLockedDown,
});

const networksOf = (ladder: readonly RungReport[]): StatusReport['networks'] =>
  ladder
    .filter(({ outcome }) => outcome === 'in-use')
    .map(({ modelId, provider, threads }) => ({
      modelId,
      provider,
      ...(threads === undefined ? {} : { threads: describeThreads(threads) }),
    }));
