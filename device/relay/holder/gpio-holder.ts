/** Entry point of the process that holds a gpio relay: node gpio-holder.js <specification> <max pulse, ms>. */
import { systemClock } from '../../clock/system-clock.ts';
import { parseRelaySpec } from '../relay-spec.ts';
import { GpioOutput } from './gpio-output.ts';
import { runHolder } from './run-holder.ts';

const [specText = '', maxPulseText = ''] = process.argv.slice(2);
const spec = parseRelaySpec(specText);
const maxPulseMs = Number(maxPulseText);
if (spec.kind !== 'gpio' || !Number.isInteger(maxPulseMs)) process.exit(64);
else {
  const output = new GpioOutput(spec, systemClock);
  await runHolder(process, { output, clock: systemClock, maxPulseMs });
}
