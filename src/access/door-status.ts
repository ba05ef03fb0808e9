import type { GateEvent } from '../domain/events.ts';
import type { ContactState } from '../domain/ports/door-inputs.ts';
import type { MonotonicMs } from '../domain/units.ts';

/**
 * The one word for the door. When several hold, the first of this list is shown; 'open' is the
 * door standing open for a good reason and not yet for too long.
 */
export const DOOR_STATES = [
  'closed-down',
  'fault',
  'forced',
  'locked-down',
  'held-open',
  'unlocked',
  'unlocking',
  'relocking',
  'open',
  'locked',
] as const;
export type DoorState = (typeof DOOR_STATES)[number];

export interface DoorFault {
  readonly code: string;
  readonly detail: string;
}

/** For the page, the retained state and the health report. */
export interface DoorStatus {
  readonly state: DoorState;
  readonly contact: ContactState;
  readonly isLockedDown: boolean;
  /** When the running pulse ends; undefined while the strike is not energised by us. */
  readonly unlockedUntilMs: MonotonicMs | undefined;
  readonly fault: DoorFault | undefined;
}

/** Hears of the door. What it throws is logged and changes nothing at the door. */
export interface DoorListener {
  onEvent(event: GateEvent): void;
  onStatus(status: DoorStatus): void;
}
