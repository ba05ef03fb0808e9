import type { Clock } from '../domain/ports/clock.ts';
import { type WallMs, wallMs } from '../domain/units.ts';

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

/**
 * Whether the time of day may decide about hours and validity: it never runs back behind what this
 * store has seen. A board without a battery starts in the past; it must not readmit the expired.
 */
export class ClockTrust {
  readonly #clock: Clock;
  readonly #settings: WallFloorSettings;
  #floorMs: WallMs;
  #notedAtMs: WallMs | undefined;

  constructor(clock: Clock, settings: WallFloorSettings) {
    this.#clock = clock;
    this.#settings = settings;
    const stored = Number(settings.setting(FLOOR_SETTING) ?? Number.NaN);
    this.#floorMs = wallMs(
      Number.isFinite(stored) ? Math.max(stored, BUILD_FLOOR_MS) : BUILD_FLOOR_MS,
    );
  }

  verdict(): 'trusted' | 'untrusted' {
    const now = this.#clock.wall();
    if (now < this.#floorMs - TOLERANCE_MS) return 'untrusted';
    this.#floorMs = wallMs(Math.max(this.#floorMs, now));
    if (this.#notedAtMs === undefined || now - this.#notedAtMs >= NOTE_EVERY_MS) {
      this.#notedAtMs = now;
      this.#settings.setSetting(FLOOR_SETTING, String(this.#floorMs));
    }
    return 'trusted';
  }
}
