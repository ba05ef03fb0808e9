import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readMasterKey } from '../../../src/gallery/master-key.ts';
import { openStore } from '../../../src/gallery/open-store.ts';
import { seededRandom } from '../../../src/numeric/random.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import type { Drill } from '../drill.ts';
import { storeText } from '../read-store.ts';
import type { Cut, Stand } from '../stand.ts';

const CUTS = 250;
const LONGEST_WAIT_MS = 1_200;

interface Ledger {
  readonly events: number;
  readonly granted: number;
}

/** Opens the gate's store as it stood at a cut: that proves every page, every seal and the chain of events. */
function readLedger(folder: string): Ledger {
  const key = readMasterKey({ keyFile: join(folder, 'portico/portico.key') });
  const path = join(folder, 'portico/portico.db');
  const store = openStore({ path, key, clock: new FakeClock(), create: false });
  try {
    const { acknowledged, last } = store.outboxRange();
    const events = store.eventsAfter(acknowledged, 1_000_000);
    assert.equal(events.length, last - acknowledged, 'the events have a gap');
    const granted = events.filter(({ event }) => event.type === 'access.granted').length;
    return { events: last, granted };
  } finally {
    store.close();
  }
}

/** What was seen from outside, and what the disk had. @throws when something is missing */
async function examine(stand: Stand, cut: Cut): Promise<Ledger> {
  const folder = await cut.unpack();
  const witness = join(folder, 'witness/store.db');
  if (existsSync(witness)) stand.witness.compare(storeText(witness), cut.heardBytes);
  else assert.equal(stand.witness.acknowledged, 0, 'a store that was used is gone');
  const ledger = readLedger(folder);
  rmSync(folder, { recursive: true });
  return ledger;
}

/** People come and go until told to stop. @returns how many were let in */
async function visitors(stand: Stand, isOver: () => boolean): Promise<number> {
  let count = 0;
  while (!isOver()) {
    await stand.visit();
    count += 1;
  }
  return count;
}

async function cutOften(stand: Stand): Promise<{ readonly inPulse: number }> {
  const random = seededRandom(11);
  const first = await stand.cut();
  let before = await examine(stand, first);
  const base = { stored: before.granted, told: first.granted };
  let inPulse = 0;
  for (let count = 1; count < CUTS; count += 1) {
    await delay(random() * LONGEST_WAIT_MS);
    const cut = await stand.cut();
    if (cut.strike === 1) inPulse += 1;
    const now = await examine(stand, cut);
    const told = cut.granted - base.told;
    assert.ok(
      now.granted - base.stored >= told,
      `cut ${count}: ${told} were let in, not all noted`,
    );
    assert.ok(now.events >= before.events, `cut ${count}: events of the cut before are gone`);
    before = now;
  }
  return { inPulse };
}

export const powerCuts: Drill = {
  name: 'power-cuts',
  fault: `what the machine's disk held at ${CUTS} moments, while the gate lets people in and another process changes a store without pause`,
  run: async (stand) => {
    await stand.witness.begin(stand.machine);
    await stand.witness.until(1);
    let isOver = false;
    const visits = visitors(stand, () => isOver);
    visits.catch(() => undefined);
    const { inPulse } = await cutOften(stand).finally(() => {
      isOver = true;
    });
    const came = await visits;
    await stand.witness.end(stand.machine);
    return {
      safeAfterS: 0,
      restoredAfterS: 0,
      did: `every file system and both stores were whole at every moment (${inPulse} of them during a pulse); ${stand.witness.acknowledged} changes of the other store and ${came} visits: nothing missing that had been acknowledged`,
    };
  },
};
