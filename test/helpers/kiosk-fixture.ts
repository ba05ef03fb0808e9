import { systemClock } from '../../device/clock/system-clock.ts';
import type { Clock } from '../../src/domain/ports/clock.ts';
import { wallMs } from '../../src/domain/units.ts';
import {
  KIOSK_DEFAULTS,
  type Kiosk,
  type KioskOptions,
  startKiosk,
} from '../../src/kiosk/kiosk.ts';
import type { KioskSettings } from '../../src/kiosk/kiosk-message.ts';
import { INITIAL_KIOSK_STATE, type KioskState } from '../../src/kiosk/kiosk-state.ts';
import type { GetFrame } from '../../src/kiosk/mirror-encoder.ts';
import { DRAWN_SIZE } from './drawn-visitor.ts';
import { RecordingLogger } from './recording-logger.ts';

/** Real timers, and a time of day that makes every picture the same. */
const AFTERNOON_CLOCK: Clock = {
  ...systemClock,
  wall: () => wallMs(Date.UTC(2026, 5, 12, 16, 20)),
};

export const FIXTURE_SETTINGS: KioskSettings = {
  siteName: 'Hillside House',
  gateName: 'North entrance',
  language: 'auto',
  timeZone: 'UTC',
  mirrored: true,
  showNames: false,
};

/** A kiosk on a free port, of the drawn visitor's size. */
export function startFixtureKiosk(
  getFrame: GetFrame,
  changes: Partial<KioskOptions> = {},
): Promise<Kiosk> {
  return startKiosk({
    ...KIOSK_DEFAULTS,
    port: 0,
    settings: FIXTURE_SETTINGS,
    frameSize: DRAWN_SIZE,
    getFrame,
    clock: AFTERNOON_CLOCK,
    logger: new RecordingLogger(),
    ...changes,
  });
}

/** A quiet, locked gate, with the given changes. */
export function stateOf(changes: Partial<KioskState>): KioskState {
  return { ...INITIAL_KIOSK_STATE, door: 'locked', relay: 'released', ...changes };
}
