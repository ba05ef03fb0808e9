import type { DoorState, DoorStatus } from '../access/door-status.ts';
import type { ArtControl } from '../domain/art.ts';
import type { NumberedEvent } from '../domain/events.ts';
import type { Cancel, Clock } from '../domain/ports/clock.ts';
import type { GateReport } from '../messaging/documents/state-document.ts';
import type { Gate } from './gate.ts';
import type { GateWatcher } from './gate-watcher.ts';

export interface GateReporterParts {
  readonly gate: Pick<Gate, 'doorStatus' | 'cameraHealth' | 'faults'>;
  readonly clock: Clock;
  readonly version: string;
  /** The hottest sensor, degrees Celsius. */
  readonly hottestC: () => number | undefined;
  readonly art: ArtControl | undefined;
  /** Something of the report may have changed. */
  readonly onChange: () => void;
}

const FAULTS_MAX = 64;
/** Pictures may follow one another faster than anybody afar wants to know. */
const TITLE_WITHIN_MS = 5_000;

/** Knows what the gate says of itself to its site. */
export class GateReporter implements GateWatcher {
  readonly #parts: GateReporterParts;
  readonly #startedAtMs: ReturnType<Clock['now']>;
  /** Faults of the door's inputs are told as events only. */
  readonly #reported = new Set<string>();
  readonly #endTitles: () => void;
  #cancelTitle: Cancel | undefined;
  #provider = 'none';

  constructor(parts: GateReporterParts) {
    this.#parts = parts;
    this.#startedAtMs = parts.clock.now();
    this.#endTitles = parts.art?.onTitle(() => this.#titleChanged()) ?? (() => undefined);
  }

  close(): void {
    this.#endTitles();
    this.#cancelTitle?.();
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
    const { gate, clock, version, hottestC, art } = this.#parts;
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
      ...(art === undefined ? {} : { art: artReport(art) }),
      uptimeSeconds: Math.floor((clock.now() - this.#startedAtMs) / 1_000),
      ...(hottest === undefined ? {} : { temperaturesCelsius: { hottest } }),
    };
  }

  #titleChanged(): void {
    this.#cancelTitle ??= this.#parts.clock.after(TITLE_WITHIN_MS, () => {
      this.#cancelTitle = undefined;
      this.#parts.onChange();
    });
  }

  #faults(door: DoorStatus | undefined): string[] {
    const ofDoor = door?.fault === undefined ? [] : [door.fault.code];
    const all = new Set([...this.#parts.gate.faults.codes(), ...ofDoor, ...this.#reported]);
    return [...all].slice(0, FAULTS_MAX);
  }
}

/** Without the picture's own name: names of a folder's pictures may say who is on them. */
function artReport({ settings, title }: ArtControl): NonNullable<GateReport['art']> {
  if (title === undefined) return { ...settings };
  const { style, manner } = title;
  return { ...settings, shown: { style, manner } };
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
