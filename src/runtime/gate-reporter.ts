import type { DoorState, DoorStatus } from '../access/door-status.ts';
import type { NumberedEvent } from '../domain/events.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { GateReport } from '../messaging/documents/state-document.ts';
import type { Gate, GateWatcher } from './gate.ts';

export interface GateReporterParts {
  readonly gate: Pick<Gate, 'doorStatus' | 'cameraHealth' | 'faults'>;
  readonly clock: Clock;
  readonly version: string;
  /** The hottest sensor, degrees Celsius. */
  readonly hottestC: () => number | undefined;
  /** Something of the report may have changed. */
  readonly onChange: () => void;
}

const FAULTS_MAX = 64;

/** Knows what the gate says of itself to its site. */
export class GateReporter implements GateWatcher {
  readonly #parts: GateReporterParts;
  readonly #startedAtMs: ReturnType<Clock['now']>;
  /** Faults of the door's inputs are told as events only. */
  readonly #reported = new Set<string>();
  #provider = 'none';

  constructor(parts: GateReporterParts) {
    this.#parts = parts;
    this.#startedAtMs = parts.clock.now();
  }

  onDoor(): void {
    this.#parts.onChange();
  }

  onEvent({ event }: NumberedEvent): void {
    if (event.type === 'gate.started') this.#provider = event.provider;
    else if (event.type === 'fault.raised') this.#reported.add(event.code);
    else if (event.type === 'fault.cleared') this.#reported.delete(event.code);
    else return;
    this.#parts.onChange();
  }

  report(): GateReport {
    const { gate, clock, version, hottestC } = this.#parts;
    const door = gate.doorStatus;
    const hottest = hottestC();
    return {
      version,
      door: door === undefined ? 'fault' : DOOR_WORDS[door.state],
      contact: door?.contact ?? 'absent',
      isLockedDown: door?.isLockedDown ?? false,
      camera: gate.cameraHealth,
      provider: this.#provider,
      faults: this.#faults(door),
      uptimeSeconds: Math.floor((clock.now() - this.#startedAtMs) / 1_000),
      ...(hottest === undefined ? {} : { temperaturesCelsius: { hottest } }),
    };
  }

  #faults(door: DoorStatus | undefined): string[] {
    const ofDoor = door?.fault === undefined ? [] : [door.fault.code];
    const all = new Set([...this.#parts.gate.faults.codes(), ...ofDoor, ...this.#reported]);
    return [...all].slice(0, FAULTS_MAX);
  }
}

const DOOR_WORDS: Readonly<Record<DoorState, GateReport['door']>> = {
  'closed-down': 'fault',
  fault: 'fault',
  forced: 'forced',
  'locked-down': 'locked-down',
  'held-open': 'held-open',
  unlocked: 'unlocked',
  unlocking: 'unlocked',
  relocking: 'unlocked',
  open: 'open',
  locked: 'locked',
};
