import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/load.ts';
import { planReload } from '../../../src/config/plan-reload.ts';
import type { Config } from '../../../src/config/schema.ts';

const environment = { XDG_DATA_HOME: '/nowhere', XDG_CACHE_HOME: '/nowhere' };
const aConfig = (overrides: Record<string, unknown> = {}): Config =>
  loadConfig({ environment, overrides });
const OFFICE = { office: { week: { mon: [{ from: '07:00', to: '19:00' }] } } };

describe('planReload', () => {
  it('finds nothing to do when nothing changed', () => {
    const plan = planReload(aConfig(), aConfig());
    assert.deepEqual([plan.adopted, plan.needRestart], [[], []]);
    assert.deepEqual(plan.config, aConfig());
  });

  it('takes over level, schedules and holidays', () => {
    const next = aConfig({
      logLevel: 'debug',
      policy: { schedules: OFFICE, defaultSchedule: 'office', holidays: { '2027-01-01': [] } },
    });
    const plan = planReload(aConfig(), next);
    assert.deepEqual(plan.config, next);
    assert.deepEqual([...plan.adopted].sort(), [
      'logLevel',
      'policy.defaultSchedule',
      'policy.holidays.2027-01-01',
      'policy.schedules.office',
    ]);
    assert.deepEqual(plan.needRestart, []);
  });

  it('leaves all else as it runs, and names it', () => {
    const next = aConfig({
      logLevel: 'warn',
      door: { relay: 'gpio:gpiochip0/17', pulseMs: 500 },
      policy: { minimumFrames: 5, liveness: { waivedBecause: 'a reason of some length' } },
    });
    const { config, adopted, needRestart } = planReload(aConfig(), next);
    assert.deepEqual(config, { ...aConfig(), logLevel: 'warn' });
    assert.deepEqual(adopted, ['logLevel']);
    for (const key of ['door.relay', 'door.pulseMs', 'policy.minimumFrames']) {
      assert.ok(needRestart.includes(key), key);
    }
    assert.ok(needRestart.some((key) => key.startsWith('policy.liveness')));
  });
});
