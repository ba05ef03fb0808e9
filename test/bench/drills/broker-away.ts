import { setTimeout as delay } from 'node:timers/promises';
import { readEvent } from '../../../src/office/read-event.ts';
import type { Drill, Outcome } from '../drill.ts';
import { type Stand, says } from '../stand.ts';

const DESK = '/var/lib/bench/desk';
const ARCHIVE = `${DESK}/archive/bench.jsonl`;
const FOUND =
  '/mnt/bench/programs/found-site >/run/found-site.log 2>&1 || { cat /run/found-site.log; exit 1; }';
const WORKS_WITHIN_S = 180;
const ARRIVES_WITHIN_S = 180;
const LOOK_EVERY_MS = 1_000;

/** How many grants the desk has; what it has must be without gap. */
async function grantsKept({ machine }: Stand): Promise<number> {
  const text = await machine.run(`cat ${ARCHIVE} 2>/dev/null || true`);
  const documents = text
    .split('\n')
    .filter((line) => line.length > 0)
    .map((line) => JSON.parse(line) as Parameters<typeof readEvent>[0]);
  const first = documents[0];
  for (const [index, { streamId, number }] of documents.entries()) {
    if (streamId !== first?.streamId || number !== first.number + index)
      throw new Error(`event ${number} of ${streamId} does not follow the one before`);
  }
  return documents.filter((document) => readEvent(document)?.type === 'access.granted').length;
}

/** Until the desk has so many grants. @returns when, in seconds of the machine's clock */
async function arrived(stand: Stand, grants: number, fromS: number): Promise<number> {
  for (;;) {
    const kept = await grantsKept(stand);
    if (kept === grants) return stand.timeline.nowS;
    if (kept > grants) throw new Error(`${kept} grants came, ${grants} were seen`);
    if (stand.timeline.nowS > fromS + ARRIVES_WITHIN_S)
      throw new Error(`of ${grants} grants ${kept} came`);
    await delay(LOOK_EVERY_MS);
  }
}

/** The broker ends, the resident comes, the broker is back. */
async function stopped(stand: Stand, grants: number): Promise<Outcome> {
  const atS = await stand.act('systemctl stop mosquitto');
  const limits = { fromS: atS, withinS: 150 };
  const isNoticed = says('PORTICO_SITE_UNREACHABLE');
  const noticedS = await stand.timeline.until('the gate says so', isNoticed, limits);
  const tookS = await stand.visit();
  if ((await grantsKept(stand)) !== grants) throw new Error('an event came without a broker');
  const backS = await stand.act('systemctl start mosquitto');
  const restoredS = await stand.working(backS, WORKS_WITHIN_S);
  const arrivedS = await arrived(stand, grants + 1, backS);
  return {
    safeAfterS: 0,
    noticedAfterS: noticedS - atS,
    restoredAfterS: restoredS - backS,
    did: `PORTICO_SITE_UNREACHABLE; let the resident in, ${tookS.toFixed(1)} s; its events were at the desk ${(arrivedS - backS).toFixed(0)} s after the broker was back`,
  };
}

/** The broker is killed and loses its memory; the resident comes; the desk fills it again. */
async function forgotten(stand: Stand, grants: number): Promise<string> {
  await stand.act(
    'systemctl kill -s KILL mosquitto; systemctl stop mosquitto; rm -f /var/lib/mosquitto/mosquitto.db',
  );
  await stand.visit();
  const backS = await stand.act('systemctl start mosquitto');
  await stand.machine.run(`PORTICO_SITE=${DESK} portico site publish`);
  const arrivedS = await arrived(stand, grants + 1, backS);
  await stand.visit();
  await arrived(stand, grants + 2, arrivedS);
  return `killed and without its memory, then filled with \`portico site publish\`: ${(arrivedS - backS).toFixed(0)} s until the event was there; none was lost or out of order`;
}

export const brokerAway: Drill = {
  name: 'broker-away',
  fault:
    'the gate belongs to a site: its broker stops and comes back, and is killed and loses its memory',
  run: async (stand) => {
    // All that the gate has noted since it was installed goes to the desk when it joins.
    const noted = await stand.machine.run(
      'portico events --last 100000 --json | grep -c access.granted || true',
    );
    const grants = Number(noted) + 1;
    const joinedS = await stand.act(FOUND);
    await stand.working(joinedS, WORKS_WITHIN_S);
    await stand.visit();
    await arrived(stand, grants, stand.timeline.nowS);
    const outcome = await stopped(stand, grants);
    return { ...outcome, did: `${outcome.did}; ${await forgotten(stand, grants + 1)}` };
  },
};
