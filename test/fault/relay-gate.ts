/** A gate reduced to its relay, to be killed: node relay-gate.js <specification> <pulse, ms>. */
import { systemClock } from '../../device/clock/system-clock.ts';
import { HeldRelay } from '../../device/relay/held-relay.ts';
import { openRelay } from '../../device/relay/open-relay.ts';
import { RecordingLogger } from '../helpers/recording-logger.ts';

const [spec = '', durationText = ''] = process.argv.slice(2);
const relay = await openRelay(spec, {
  clock: systemClock,
  logger: new RecordingLogger(),
  maxPulseMs: 10_000,
});
await relay.pulse(Number(durationText));
const holderPid = relay instanceof HeldRelay ? relay.holderPid : 0;
process.stdout.write(`pulsing ${holderPid}\n`);
