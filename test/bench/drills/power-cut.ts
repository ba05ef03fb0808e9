import type { Drill } from '../drill.ts';

const CHANGES = 20;

export const powerCut: Drill = {
  name: 'power-cut',
  fault:
    'the power is cut while the gate lets somebody in and another process changes a store without pause',
  run: async (stand) => {
    await stand.witness.begin(stand.machine);
    await stand.witness.until(CHANGES);
    await stand.arrives();
    await stand.cutPower();
    await stand.powerOn();
    const restoredS = await stand.worksSinceBoot();
    if (stand.timeline.pulses(0).length > 0)
      throw new Error('the strike moved while the machine started');
    await stand.witness.check(stand.machine);
    await stand.machine.run('portico store check');
    return {
      safeAfterS: 0,
      restoredAfterS: restoredS,
      did: `started with the machine; its store passed its check; ${stand.witness.acknowledged} acknowledged changes of the other store were all there`,
    };
  },
};
