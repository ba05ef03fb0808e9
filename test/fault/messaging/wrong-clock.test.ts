import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { mosquittoMissing } from '../../helpers/mosquitto.ts';
import { SiteUnderFault } from '../../helpers/site-under-fault.ts';
import { until } from '../../helpers/until.ts';

const YEAR_MS = 365 * 24 * 3_600_000;
const CHANGES = 12;
const ORDERS = 6;

describe('gates whose clocks are wrong by a year', { skip: mosquittoMissing }, () => {
  it('take the roster, keep every event and obey no order until the clocks are right', async () => {
    const site = await SiteUnderFault.open({ gates: 2, seed: 1 });
    const [fast, slow] = site.gates;
    assert.ok(fast !== undefined && slow !== undefined);
    await fast.start({ clockSkewMs: YEAR_MS, eventsEveryMs: 30 });
    await slow.start({ clockSkewMs: -YEAR_MS, eventsEveryMs: 30 });
    for (let change = 0; change < CHANGES; change += 1) await site.change();
    await site.desk.publishHead();
    const epoch = site.desk.book.head?.epoch;
    const stands = (gateId: string, standing: string): boolean => {
      const roster = site.state(gateId)?.roster;
      return roster?.epoch === epoch && roster?.standing === standing;
    };
    // Ahead, every head is over: whom none has vouched for before stays out. Behind, all is well.
    await until('the fast one says that it is stale', () => stands(fast.gateId, 'stale'), 60_000);
    await until('the slow one is current', () => stands(slow.gateId, 'current'), 60_000);
    for (let order = 0; order < ORDERS; order += 1) await site.order();
    await delay(200);
    assert.equal(site.doorMoves, 0);
    const refusals = () => [fast, slow].map(({ gateId }) => site.state(gateId)?.refusals ?? {});
    const refused = refusals().reduce(
      (sum, { early = 0, expired = 0 }) => sum + early + expired,
      0,
    );
    assert.ok(refused <= ORDERS);
    await site.assertWhole();
    await site.close();
  });
});
