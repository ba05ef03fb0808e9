import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SiteFigures } from '../../../src/evaluation/site/render-site-figures.ts';
import { mosquittoMissing } from '../../helpers/mosquitto.ts';
import { CliHome } from './portico-cli.ts';

describe('portico bench site', { skip: mosquittoMissing }, () => {
  const home = new CliHome();

  it('measures a site, and finds nothing about people at the broker', async (context) => {
    const sizes = [
      '--people',
      '40',
      '--gates',
      '4',
      '--visits',
      '4',
      '--door-visits',
      '3',
      '--fleet-people',
      '10',
    ];
    const { code, out, err } = await home.run('bench', 'site', ...sizes, '--json');
    // 1: a promise about time was not kept, as may be on a busy machine.
    assert.ok(code === 0 || code === 1, err);
    const figures: SiteFigures = JSON.parse(out);
    const { fill, reconnect, admittance, door, storage, fleet } = figures;
    assert.equal(fill.people, 40);
    assert.ok(fill.recordMessages >= 40 && fill.bytes > 40 * 3_000);
    assert.equal(reconnect.recordMessages, reconnect.changes);
    assert.ok(reconnect.bytes < fill.bytes);
    assert.equal(admittance.admittedMs.count, 4);
    assert.equal(admittance.refusedMs.count, 4);
    assert.equal(door.people, 40);
    assert.equal(door.admittedMs.count + door.refusedMs.count, 6);
    assert.deepEqual(storage.found, []);
    assert.equal(storage.idsFound, 44);
    assert.equal(fleet.gates, 4);
    assert.equal(fleet.changeMs.count, 40);
    assert.ok(fleet.events.last > 0);
    assert.equal(fleet.events.acknowledged, fleet.events.last);
    const { p50, p95 } = admittance.refusedMs;
    context.diagnostic(`revoked → refused: p50 ${p50} ms, p95 ${p95} ms`);
  });
});
