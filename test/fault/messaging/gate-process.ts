// A gate's link in a process of its own, to be killed: node gate-process.js <passport> <store> <events every ms, 0: none>
import { readFileSync } from 'node:fs';
import { systemClock as clock } from '../../../device/clock/system-clock.ts';
import { openStore } from '../../../src/gallery/open-store.ts';
import { mqttLinks } from '../../../src/messaging/broker/mqtt-link.ts';
import { systemRandom } from '../../../src/messaging/broker/retry-delays.ts';
import { SiteLink } from '../../../src/messaging/gate/site-link.ts';
import { parseGatePassport } from '../../../src/messaging/site/site-files.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';
import { gateOptions } from '../../helpers/site-fixture.ts';
import { testKey } from '../../helpers/store-data.ts';

const [passportPath = '', storePath = '', eventsEveryMs = '0'] = process.argv.slice(2);
const passport = parseGatePassport(readFileSync(passportPath, 'utf8'));
const store = openStore({ path: storePath, key: testKey(), clock, create: true });
const logger = new RecordingLogger();
const openLink = mqttLinks({ broker: passport.broker, clock, logger, random: systemRandom });
const link = await SiteLink.start(gateOptions({ passport, store, clock, logger, openLink }));
if (Number(eventsEveryMs) > 0) {
  clock.every(Number(eventsEveryMs), () => {
    store.append({ type: 'door.forced' });
    link.noteEvent();
  });
}
process.stdout.write('started\n');
process.on('SIGTERM', () => {
  void link.close().then(() => {
    store.close();
    process.exit(0);
  });
});
