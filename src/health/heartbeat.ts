import { GATE_STAGES, type GateStage } from '../domain/gate-stage.ts';
import { type MonotonicMs, monotonicMs } from '../domain/units.ts';

/**
 * What a stage owes. `required`: its work is due whatever happens. `while-camera-delivers`: due as
 * long as there are frames to work on. `reported`: its absence is told, and mends itself or not.
 */
export type StageDuty = 'required' | 'while-camera-delivers' | 'reported';

export interface StageRule {
  readonly duty: StageDuty;
  /** Longest time from one completed piece of work to the next, ms. */
  readonly deadlineMs: number;
}

export type HeartbeatRules = Readonly<Record<GateStage, StageRule>>;

/**
 * The vision worker is replaced by its own client within seconds; the watchdog is for what that
 * cannot mend, so it leaves time for a few attempts and for loading the models. Decision and door are
 * worked by the main thread several times a second. A restart mends neither a camera nor a page, and
 * a store that is not trusted must stay so until somebody has looked.
 */
export const HEARTBEAT_RULES: HeartbeatRules = {
  camera: { duty: 'reported', deadlineMs: 3_000 },
  vision: { duty: 'while-camera-delivers', deadlineMs: 120_000 },
  decision: { duty: 'required', deadlineMs: 10_000 },
  door: { duty: 'required', deadlineMs: 5_000 },
  store: { duty: 'reported', deadlineMs: 10_000 },
  page: { duty: 'reported', deadlineMs: 10_000 },
};

export interface StageAge {
  readonly stage: GateStage;
  /** Since its last completed work, or since it has had to work; ms. */
  readonly ageMs: number;
}

export interface HeartbeatVerdict {
  /** Every stage that owes work has done it in time. */
  readonly isAlive: boolean;
  /** The stage nearest to its deadline, or farthest beyond, among those that owe work. */
  readonly stalest: StageAge;
  /** Stages beyond their deadline that the gate does not live without. */
  readonly overdue: readonly GateStage[];
  /** Stages beyond their deadline that the gate lives without. */
  readonly degraded: readonly GateStage[];
}

/**
 * Proof of work: each stage notes what it has completed, and the gate is alive while none of those
 * that owe work is late. Pure: it is told the time and starts no timer. A gate before which nobody
 * stands works all the same, since it observes and decides about every frame.
 */
export class Heartbeat {
  readonly #rules: HeartbeatRules;
  readonly #stages: readonly GateStage[];
  readonly #workedAtMs = new Map<GateStage, MonotonicMs>();
  readonly #startedAtMs: MonotonicMs;
  #framesSinceMs: MonotonicMs;
  /** Known to be missing, and looked for: nothing is owed until it is there. */
  readonly #missing = new Set<GateStage>();
  readonly #expectedSinceMs = new Map<GateStage, MonotonicMs>();

  /** @param stages  those that this gate has; a gate without a page does not wait for one */
  constructor(
    startedAtMs: MonotonicMs,
    stages: readonly GateStage[] = GATE_STAGES,
    rules: HeartbeatRules = HEARTBEAT_RULES,
  ) {
    this.#startedAtMs = startedAtMs;
    this.#framesSinceMs = startedAtMs;
    this.#stages = stages;
    this.#rules = rules;
  }

  /** The stage has completed a piece of work at this moment. */
  note(stage: GateStage, nowMs: MonotonicMs): void {
    if (stage === 'camera' && !this.#isDelivering(nowMs)) this.#framesSinceMs = nowMs;
    this.#workedAtMs.set(stage, nowMs);
  }

  /** Whether the stage can work at all; what is missing owes nothing and counts as degraded. */
  expect(stage: GateStage, isThere: boolean, nowMs: MonotonicMs): void {
    if (!isThere) this.#missing.add(stage);
    else if (this.#missing.delete(stage)) this.#expectedSinceMs.set(stage, nowMs);
  }

  /** Since the stage's last completed work; undefined before the first. */
  ageMs(stage: GateStage, nowMs: MonotonicMs): number | undefined {
    const workedAtMs = this.#workedAtMs.get(stage);
    return workedAtMs === undefined ? undefined : nowMs - workedAtMs;
  }

  verdict(nowMs: MonotonicMs): HeartbeatVerdict {
    const owed = this.#stages.filter((stage) => this.#owesWork(stage, nowMs));
    const late = (stage: GateStage): boolean =>
      this.#waitedMs(stage, nowMs) > this.#rules[stage].deadlineMs;
    const overdue = owed.filter(late);
    const degraded = this.#stages.filter(
      (stage) =>
        this.#missing.has(stage) || (this.#rules[stage].duty === 'reported' && late(stage)),
    );
    const share = (stage: GateStage): number =>
      this.#waitedMs(stage, nowMs) / this.#rules[stage].deadlineMs;
    const stalest = owed.reduce(
      (worst, stage) => (share(stage) > share(worst) ? stage : worst),
      owed[0] ?? 'decision',
    );
    return {
      isAlive: overdue.length === 0,
      stalest: { stage: stalest, ageMs: this.#waitedMs(stalest, nowMs) },
      overdue,
      degraded,
    };
  }

  #owesWork(stage: GateStage, nowMs: MonotonicMs): boolean {
    const { duty } = this.#rules[stage];
    if (this.#missing.has(stage)) return false;
    return duty === 'required' || (duty === 'while-camera-delivers' && this.#isDelivering(nowMs));
  }

  #isDelivering(nowMs: MonotonicMs): boolean {
    const ageMs = this.ageMs('camera', nowMs);
    return ageMs !== undefined && ageMs <= this.#rules.camera.deadlineMs;
  }

  /** A stage that works on frames is not late for the time in which there were none. */
  #waitedMs(stage: GateStage, nowMs: MonotonicMs): number {
    const workedAtMs = this.#workedAtMs.get(stage) ?? this.#startedAtMs;
    const { duty } = this.#rules[stage];
    const dueSinceMs = duty === 'while-camera-delivers' ? this.#framesSinceMs : this.#startedAtMs;
    const expectedSinceMs = this.#expectedSinceMs.get(stage) ?? this.#startedAtMs;
    return nowMs - monotonicMs(Math.max(workedAtMs, dueSinceMs, expectedSinceMs));
  }
}
