import type { Outcome } from '../drill.ts';
import { isWorking, type Stand } from '../stand.ts';
import type { Scene } from '../timeline.ts';

const STAYS_S = 6;

export interface Trouble {
  /** Script that causes it. */
  readonly inflict: string;
  readonly isNoticed: (scene: Scene) => boolean;
  readonly noticedWithinS: number;
  /** While it lasts. @returns what is to be said about it */
  readonly meanwhile?: (stand: Stand) => Promise<string>;
  /** Script that takes the cause away; absent: the gate mends itself. */
  readonly mend?: string;
  readonly restoredWithinS: number;
}

/** A fault that the gate survives, and says: the door stays shut, and works again once the cause is gone. */
export async function endure(stand: Stand, trouble: Trouble): Promise<Outcome> {
  const { inflict, isNoticed, noticedWithinS, meanwhile, mend, restoredWithinS } = trouble;
  const atS = await stand.act(inflict);
  const limits = { fromS: atS, withinS: noticedWithinS };
  const noticedS = await stand.timeline.until('the gate says so', isNoticed, limits);
  const said = stand.timeline.scene.gate?.faults.join(', ') ?? 'gone';
  const remark = await meanwhile?.(stand);
  const mendedS = mend === undefined ? noticedS : await stand.act(mend);
  const restoredS = await stand.timeline.until('the gate works', isWorking, {
    fromS: mendedS,
    withinS: restoredWithinS,
  });
  return {
    safeAfterS: stand.safeAtS(atS) - atS,
    noticedAfterS: noticedS - atS,
    restoredAfterS: restoredS - (mend === undefined ? atS : mendedS),
    did: [said, ...(remark === undefined ? [] : [remark])].join('; '),
  };
}

/** The resident stands there for a while, and the strike must not move. */
export async function staysShut(stand: Stand): Promise<string> {
  const cameS = await stand.show('resident');
  await stand.timeline.pass(STAYS_S);
  await stand.show('empty');
  // Until the camera has taken that in: whoever still stands there when the cause is gone is let in.
  await stand.timeline.pass(2);
  if (stand.timeline.pulses(cameS).length > 0) throw new Error('the strike was released');
  return 'the resident came and was not let in';
}
