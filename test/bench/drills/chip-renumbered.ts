import type { Drill } from '../drill.ts';
import { says } from '../stand.ts';
import { endure } from './endure.ts';

const HARDWARE = '/mnt/bench/programs/hardware';

export const chipRenumbered: Drill = {
  name: 'chip-renumbered',
  fault: 'the GPIO chip of the strike is pulled out, and comes back under another number',
  run: async (stand) => {
    const before = await stand.machine.run(`${HARDWARE} chip-name`);
    const outcome = await endure(stand, {
      inflict: `${HARDWARE} chip-out`,
      isNoticed: says(
        'PORTICO_RELAY_UNAVAILABLE',
        'PORTICO_RELAY_WRITE',
        'PORTICO_DOOR_NOT_RELOCKED',
      ),
      noticedWithinS: 60,
      mend: `${HARDWARE} chip-in second`,
      restoredWithinS: 120,
    });
    const after = await stand.machine.run(`${HARDWARE} chip-name`);
    if (after === before) throw new Error('the chip came back under its old number');
    const tookS = await stand.visit();
    return {
      ...outcome,
      did: `${outcome.did}; ${before} became ${after}; let the resident in, ${tookS.toFixed(1)} s`,
    };
  },
};
