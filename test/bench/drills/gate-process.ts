import type { Drill } from '../drill.ts';
import { isDown, type Stand } from '../stand.ts';

const MAIN_PID = '"$(systemctl show -p MainPID --value portico)"';
const RESTART_WITHIN_S = 180;

/** The gate's process goes while the strike is released. */
async function lostInPulse(
  stand: Stand,
  signal: 'KILL' | 'STOP',
  holder: string,
): ReturnType<Drill['run']> {
  await stand.arrives();
  const atS = await stand.act(`kill -${signal} ${MAIN_PID}`);
  const limits = { fromS: atS, withinS: RESTART_WITHIN_S };
  await stand.show('empty');
  const goneS = await stand.timeline.until('the gate is gone', isDown, limits);
  const restoredS = await stand.working(goneS, RESTART_WITHIN_S);
  const pulses = stand.timeline.pulses(atS + stand.pulseS);
  if (pulses.length > 0) throw new Error('the strike moved again by itself');
  const restarts = await stand.machine.run('systemctl show -p NRestarts --value portico');
  return {
    safeAfterS: stand.safeAtS(atS) - atS,
    noticedAfterS: goneS - atS,
    restoredAfterS: restoredS - atS,
    did: `${holder}; systemd started it again (restarts so far: ${restarts})`,
  };
}

export const killedInPulse: Drill = {
  name: 'killed-in-pulse',
  fault: 'kill -9 of the gate while the strike is released',
  run: (stand) => lostInPulse(stand, 'KILL', 'its holder drove the strike off at once'),
};

export const hungInPulse: Drill = {
  name: 'hung-in-pulse',
  fault: 'the gate hangs (SIGSTOP) while the strike is released',
  run: (stand) =>
    lostInPulse(stand, 'STOP', 'its holder ended the pulse in its time; no sign of life came'),
};
