import type { Drill } from '../drill.ts';
import { says } from '../stand.ts';
import { endure, staysShut } from './endure.ts';

/** All that any user but root could have, and then root's reserve. */
const FILL =
  'dd if=/dev/zero of=/var/filler bs=1M 2>/dev/null; dd if=/dev/zero of=/var/filler.rest bs=4k 2>/dev/null; sync';

export const diskFull: Drill = {
  name: 'disk-full',
  fault: "the store's disk is full to the last block, and is emptied again",
  run: async (stand) => {
    const outcome = await endure(stand, {
      inflict: FILL,
      isNoticed: says('PORTICO_DISK_NEARLY_FULL', 'PORTICO_STORE_WRITE'),
      noticedWithinS: 120,
      meanwhile: staysShut,
      mend: 'rm /var/filler /var/filler.rest; sync',
      restoredWithinS: 120,
    });
    await stand.machine.run('portico store check');
    return { ...outcome, did: `${outcome.did}; the store passed its check afterwards` };
  },
};
