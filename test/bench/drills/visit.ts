import type { Drill } from '../drill.ts';

const LOOKS_S = 15;

export const visit: Drill = {
  name: 'visit',
  fault: 'none: the resident comes, then a stranger',
  run: async (stand) => {
    const tookS = await stand.visit();
    const cameS = await stand.show('stranger');
    const refusedS = await stand.timeline.until(
      'a refusal',
      ({ gate }) => (gate?.denied ?? 0) > 0,
      {
        fromS: cameS,
        withinS: 4 * LOOKS_S,
      },
    );
    await stand.show('empty');
    if (stand.timeline.pulses(cameS).length > 0) throw new Error('the strike moved for a stranger');
    return {
      safeAfterS: 0,
      restoredAfterS: 0,
      did: `released the strike ${tookS.toFixed(1)} s after the resident came; refused the stranger, ${(refusedS - cameS).toFixed(1)} s after`,
    };
  },
};
