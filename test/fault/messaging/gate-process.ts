// A gate's part in its site in a process of its own, to be killed, cut off and misled: node gate-process.js <settings>
import { appendFileSync, readFileSync } from 'node:fs';
import { systemClock } from '../../../device/clock/system-clock.ts';
import { StoreError } from '../../../src/domain/errors.ts';
import type { Clock } from '../../../src/domain/ports/clock.ts';
import { wallMs } from '../../../src/domain/units.ts';
import { openStore } from '../../../src/gallery/open-store.ts';
import { mqttLinks } from '../../../src/messaging/broker/mqtt-link.ts';
import { systemRandom } from '../../../src/messaging/broker/retry-delays.ts';
import { SiteLink } from '../../../src/messaging/gate/site-link.ts';
import { parseGatePassport } from '../../../src/messaging/site/site-files.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';
import { gateOptions } from '../../helpers/site-fixture.ts';
import { testKey } from '../../helpers/store-data.ts';

export interface GateProcessSettings {
  readonly passportPath: string;
  readonly storePath: string;
  /** One line for each order that was obeyed: the door, as far as the site can move it. */
  readonly doorPath: string;
  /** 0: none. */
  readonly eventsEveryMs: number;
  readonly clockSkewMs: number;
  readonly keepaliveSeconds: number;
}

/** A line of the door's file. */
export interface DoorMove {
  readonly order: string;
  readonly nonce: string;
  /** By the true clock. */
  readonly atMs: number;
}

const settings: GateProcessSettings = JSON.parse(process.argv[2] ?? '{}');
const { passportPath, storePath, doorPath, eventsEveryMs, clockSkewMs, keepaliveSeconds } =
  settings;
const clock: Clock = { ...systemClock, wall: () => wallMs(systemClock.wall() + clockSkewMs) };
const passport = parseGatePassport(readFileSync(passportPath, 'utf8'));
const store = openStore({ path: storePath, key: testKey(), clock, create: true });
const logger = new RecordingLogger();
const openLink = mqttLinks({ broker: passport.broker, clock, logger, random: systemRandom });
const link = await SiteLink.start({
  ...gateOptions({ passport, store, clock, logger, openLink }),
  keepaliveSeconds,
  handler: {
    handle: (order, { nonce }) => {
      const move: DoorMove = { order: order.name, nonce, atMs: systemClock.wall() };
      appendFileSync(doorPath, `${JSON.stringify(move)}\n`);
      return Promise.resolve({ outcome: 'done' });
    },
  },
});
if (eventsEveryMs > 0) {
  clock.every(eventsEveryMs, () => {
    try {
      store.append({ type: 'door.forced' });
      link.noteEvent();
    } catch (error) {
      // A full disk: what could not be recorded has not happened, as nobody is let in then.
      if (!(error instanceof StoreError)) throw error;
    }
  });
}
process.stdout.write('started\n');
process.on('SIGTERM', () => {
  void link.close().then(() => {
    store.close();
    process.exit(0);
  });
});
