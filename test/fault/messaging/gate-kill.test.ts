import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { mosquittoMissing } from '../../helpers/mosquitto.ts';
import { SiteUnderFault } from '../../helpers/site-under-fault.ts';

/** Raise for a long search: GATE_KILL_ROUNDS=500. */
const ROUNDS = Number(process.env['GATE_KILL_ROUNDS'] ?? '8');
const SEED = Number(process.env['GATE_KILL_SEED'] ?? '1');
const CHANGES = 5;

describe('a gate that is killed at random', { skip: mosquittoMissing }, () => {
  it('ends with the roster of the model, loses no event and obeys no order twice', async (context) => {
    const site = await SiteUnderFault.open({ gates: 1, seed: SEED });
    const { random } = site;
    const [gate] = site.gates;
    assert.ok(gate);
    for (let round = 0; round < ROUNDS; round += 1) {
      const started = gate.start({ eventsEveryMs: 5 });
      // Now and then while it is still opening its store.
      if (random() < 0.8) await started;
      const orders = [site.order(), site.order()];
      for (let count = 0; count < CHANGES; count += 1) await site.change();
      await site.desk.publishHead();
      await delay(random() * 500);
      await gate.end('SIGKILL');
      void Promise.all(orders);
    }
    await site.assertWhole();
    assert.ok(site.archive.events.length > ROUNDS, 'events happened between the kills');
    context.diagnostic(
      `${ROUNDS} kills, ${site.people} people, ${site.archive.events.length} events, ` +
        `${site.fits.get('duplicate') ?? 0} duplicates known as such, ` +
        `${site.doorMoves} of ${site.ordersGiven} orders obeyed, each once and in time`,
    );
    await site.close();
  });
});
