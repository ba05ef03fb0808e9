import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { mosquittoMissing } from '../../helpers/mosquitto.ts';
import { SiteUnderFault } from '../../helpers/site-under-fault.ts';

/** Raise for a long search: BROKER_LOSSES=50. */
const LOSSES = Number(process.env['BROKER_LOSSES'] ?? '3');
const SEED = Number(process.env['BROKER_LOSS_SEED'] ?? '1');
const CHANGE_EVERY_MS = 15;

describe('a broker that is killed and loses its database', { skip: mosquittoMissing }, () => {
  it('costs no person and no event, and moves no door', async (context) => {
    const site = await SiteUnderFault.open({ gates: 2, seed: SEED });
    const { broker, random } = site;
    for (const gate of site.gates) await gate.start({ eventsEveryMs: 20 });
    const endChanges = site.changeOnAndOn(CHANGE_EVERY_MS);
    for (let loss = 0; loss < LOSSES; loss += 1) {
      await delay(300 + random() * 700);
      await broker.kill();
      broker.forgetDatabase();
      await delay(random() * 300);
      await broker.run();
      await site.refillBroker();
    }
    const changes = await endChanges();
    await site.refillBroker();
    await site.assertWhole();
    context.diagnostic(
      `${LOSSES} losses, ${changes} changes (${site.retries} tried again), ` +
        `${site.archive.events.length} events, ${site.fits.get('duplicate') ?? 0} duplicates known as such`,
    );
    await site.close();
  });
});
