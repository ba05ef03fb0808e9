/** Entry point of the process that holds a lcus relay: node lcus-holder.js <specification> <max pulse, ms>. */
import { systemClock } from '../../clock/system-clock.ts';
import { parseRelaySpec } from '../relay-spec.ts';
import { LcusOutput } from './lcus-output.ts';
import { runHolder } from './run-holder.ts';

const [specText = '', maxPulseText = ''] = process.argv.slice(2);
const spec = parseRelaySpec(specText);
const maxPulseMs = Number(maxPulseText);
if (spec.kind !== 'lcus' || !Number.isInteger(maxPulseMs)) process.exit(64);
else {
  const output = new LcusOutput(spec);
  await runHolder(process, { output, clock: systemClock, maxPulseMs });
}
