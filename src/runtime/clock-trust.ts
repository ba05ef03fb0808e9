import { PorticoError } from '../domain/errors.ts';
import type { Clock } from '../domain/ports/clock.ts';
import { type MonotonicMs, type WallMs, wallMs } from '../domain/units.ts';

/** Settings that outlive a restart. */
export interface WallFloorSettings {
  setting(name: string): string | undefined;
  setSetting(name: string, value: string): void;
}

const FLOOR_SETTING = 'wall-floor-ms';
/** 2026-01-01: no build of this program is older; a clock that says so was never set. */
const BUILD_FLOOR_MS = 1_767_225_600_000;
/** A correction of up to this much backwards is what time servers do. */
const TOLERANCE_MS = 60_000;
const NOTE_EVERY_MS = 600_000;
/** A step forwards by more than this, while the gate runs, is believed only once it has lasted. */
const STEP_MS = 3_600_000;
const SETTLE_MS = 300_000;

/** What both clocks said at one moment. */
interface Reading {
  readonly atMs: MonotonicMs;
  readonly wallMs: WallMs;
}

/**
 * Whether the time of day may decide about hours and validity. It never runs back behind what this
 * store has seen: a board without a battery starts in the past, and must not readmit the expired. A
 * step far forwards is doubted for some minutes: a time server's blunder would admit whoever is to
 * come next month, and raising the floor by it would close the door until that day.
 */
export class ClockTrust {
  readonly #clock: Clock;
  readonly #settings: WallFloorSettings;
  #floorMs: WallMs;
  #noted: Reading | undefined;
  /** The last reading that was believed. */
  #believed: Reading | undefined;
  /** The first reading after a step that is still in doubt. */
  #stepped: Reading | undefined;

  constructor(clock: Clock, settings: WallFloorSettings) {
    this.#clock = clock;
    this.#settings = settings;
    const stored = Number(settings.setting(FLOOR_SETTING) ?? Number.NaN);
    this.#floorMs = wallMs(
      Number.isFinite(stored) ? Math.max(stored, BUILD_FLOOR_MS) : BUILD_FLOOR_MS,
    );
  }

  /** @throws PORTICO_STORE_* when the floor is due to be noted and cannot be */
  verdict(): 'trusted' | 'untrusted' {
    const reading = this.#read();
    if (!(reading.wallMs >= this.#floorMs - TOLERANCE_MS) || this.#isInDoubt(reading)) {
      return 'untrusted';
    }
    this.#believed = reading;
    this.#floorMs = wallMs(Math.max(this.#floorMs, reading.wallMs));
    const isDue = this.#noted === undefined || reading.atMs - this.#noted.atMs >= NOTE_EVERY_MS;
    if (isDue) this.note();
    return 'trusted';
  }

  /** Makes the floor durable now. @throws PORTICO_STORE_* */
  note(): void {
    // Before writing: a store that fails is not asked again with every frame.
    this.#noted = this.#read();
    this.#settings.setSetting(FLOOR_SETTING, String(this.#floorMs));
  }

  #isInDoubt(reading: Reading): boolean {
    if (this.#believed === undefined || aheadMs(this.#believed, reading) <= STEP_MS) {
      this.#stepped = undefined;
      return false;
    }
    const hasMovedAgain =
      this.#stepped !== undefined && Math.abs(aheadMs(this.#stepped, reading)) > TOLERANCE_MS;
    if (this.#stepped === undefined || hasMovedAgain) this.#stepped = reading;
    return reading.atMs - this.#stepped.atMs < SETTLE_MS;
  }

  #read(): Reading {
    return { atMs: this.#clock.now(), wallMs: this.#clock.wall() };
  }
}

/** By how much the time of day has gained on the clock that never steps. */
const aheadMs = (before: Reading, after: Reading): number =>
  after.wallMs - before.wallMs - (after.atMs - before.atMs);

export const clockUntrusted = (): PorticoError =>
  new PorticoError('PORTICO_CLOCK_UNTRUSTED', {
    message: 'the time of day ran back, or stepped far forwards, and is not believed',
    remedy: 'Set the clock or its time service; a step forwards is believed after five minutes.',
  });
