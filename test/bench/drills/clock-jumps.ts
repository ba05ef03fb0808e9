import type { Drill } from '../drill.ts';
import { says } from '../stand.ts';
import { endure, staysShut } from './endure.ts';

const STEP = '$((2 * 86400))';
const step = (sign: '+' | '-'): string => `date -s "@$(( $(date +%s) ${sign} ${STEP} ))"`;
const isNoticed = says('PORTICO_CLOCK_UNTRUSTED');
const limits = { isNoticed, noticedWithinS: 60, restoredWithinS: 60 };

export const clockBack: Drill = {
  name: 'clock-back',
  fault: 'the time of day jumps two days back, and is set right again',
  run: (stand) =>
    endure(stand, { ...limits, inflict: step('-'), meanwhile: staysShut, mend: step('+') }),
};

export const clockForward: Drill = {
  name: 'clock-forward',
  fault: 'the time of day jumps two days ahead, and is set right again',
  run: (stand) =>
    endure(stand, { ...limits, inflict: step('+'), meanwhile: staysShut, mend: step('-') }),
};
