import type { Drill } from '../drill.ts';
import { says } from '../stand.ts';
import { endure, staysShut } from './endure.ts';

/** All that any user but root could have. */
const FILLER = '/var/lib/bench/filler';
const FILL = `fallocate -l "$(df --output=avail -B1 /var/lib/portico | tail -1)" ${FILLER}`;

export const diskFull: Drill = {
  name: 'disk-full',
  fault: "the store's disk is full to the last block, and has room again",
  run: async (stand) => {
    const outcome = await endure(stand, {
      inflict: FILL,
      isNoticed: says('PORTICO_DISK_NEARLY_FULL', 'PORTICO_STORE_WRITE'),
      noticedWithinS: 120,
      meanwhile: staysShut,
      mend: `rm ${FILLER}`,
      restoredWithinS: 120,
    });
    await stand.machine.run('portico store check');
    return { ...outcome, did: `${outcome.did}; the store passed its check afterwards` };
  },
};
