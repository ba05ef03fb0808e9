import type { Drill } from '../drill.ts';
import { isDown, isWorking } from '../stand.ts';

const TAKEN_BACK = 4;
const HEALTHY_WITHIN_S = 45;
const INSTALL = `PORTICO_HEALTHY_WITHIN_S=${HEALTHY_WITHIN_S} PORTICO_STAYS_HEALTHY_S=5 /mnt/bench/spoilt-release/scripts/install --prebuilt`;

export const spoiltUpgrade: Drill = {
  name: 'spoilt-upgrade',
  fault: 'an upgrade to a release whose networks cannot be run',
  run: async (stand) => {
    const before = await stand.machine.run('readlink /opt/portico/current');
    const beganS = stand.timeline.nowS;
    const { code, output } = await stand.machine.try(INSTALL);
    if (code !== TAKEN_BACK) throw new Error(`the installer ended with ${code}:\n${output}`);
    const after = await stand.machine.run('readlink /opt/portico/current');
    if (after !== before) throw new Error(`${after} runs instead of ${before}`);
    const downS = await stand.timeline.until('the gate is down', isDown, {
      fromS: beganS,
      withinS: 900,
    });
    const restoredS = await stand.timeline.until('the old gate works', isWorking, {
      fromS: downS,
      withinS: 900,
    });
    if (stand.timeline.pulses(beganS).length > 0) throw new Error('the strike moved');
    const tookS = await stand.visit();
    return {
      safeAfterS: 0,
      noticedAfterS: HEALTHY_WITHIN_S,
      restoredAfterS: restoredS - downS,
      did: `the installer took it back (exit 4); the door was out of service for ${(restoredS - downS).toFixed(0)} s and shut; then the resident was let in, ${tookS.toFixed(1)} s`,
    };
  },
};
