import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { GateEvent } from '../../../src/domain/events.ts';
import { GATE_STAGES } from '../../../src/domain/gate-stage.ts';
import { GateMetrics } from '../../../src/health/gate-metrics.ts';

const file = new URL('../../../../systemd/grafana-dashboard.json', import.meta.url);

const denied: GateEvent = { type: 'access.denied', reasons: ['no-match', 'outside-hours'] };
const granted: GateEvent = {
  type: 'access.granted',
  identityId: 'p-1',
  similarity: 0.7,
  threshold: 0.4,
  modelId: 'face-512',
  frameToRelayMs: 240,
};

async function page(hottestC: number | undefined): Promise<string> {
  const metrics = new GateMetrics('1.2.3', () => ({
    verdict: {
      isAlive: true,
      stalest: { stage: 'door', ageMs: 100 },
      overdue: [],
      degraded: [],
    },
    ageMs: () => 100,
    faults: ['PORTICO_TOO_HOT'],
    doorState: 'locked',
    reading: { hottestC, isThrottled: undefined, freeBytes: 1_000 },
    site: {
      site: 'harbour',
      gateId: 'front',
      isConnected: false,
      heardAgoMs: 61_000,
      standing: 'current',
      epoch: 17,
      people: 3,
      ignoredTemplates: 0,
      waitingEvents: 5,
      refusals: { replayed: 2 },
    },
  }));
  for (const stage of GATE_STAGES) metrics.countWork(stage);
  metrics.observeTimings({ detect: 5, total: 8 });
  metrics.countEvent(denied);
  metrics.countEvent(granted);
  metrics.countEvent({ type: 'fault.raised', code: 'PORTICO_TOO_HOT', detail: '' });
  return await metrics.render();
}

describe('metrics', () => {
  it('count a visit by its outcome and the reason that leads', async () => {
    const text = await page(60);
    for (const line of [
      'portico_decisions_total{outcome="denied",reason="no-match"} 1',
      'portico_decisions_total{outcome="granted",reason="none"} 1',
      'portico_faults_total{code="PORTICO_TOO_HOT"} 1',
      'portico_fault{code="PORTICO_TOO_HOT"} 1',
      'portico_frame_to_relay_seconds_bucket{le="0.3"} 1',
      'portico_temperature_celsius 60',
      'portico_alive 1',
      'portico_site_connected 0',
      'portico_site_heard_seconds 61',
      'portico_site_epoch 17',
      'portico_site_events_waiting 5',
      'portico_site_refused{reason="replayed"} 2',
    ]) {
      assert.ok(text.split('\n').includes(line), line);
    }
    assert.doesNotMatch(text, /p-1/);
  });

  it('do not show as zero what is not known', async () => {
    const text = await page(undefined);
    assert.doesNotMatch(text, /^portico_temperature_celsius /m);
    assert.doesNotMatch(text, /^portico_throttled /m);
  });

  it('are all that the dashboard asks for', async () => {
    const known = new Set(
      [...(await page(60)).matchAll(/^# HELP (\S+)/gm)].map(([, name]) => name),
    );
    const asked = [
      ...readFileSync(file, 'utf8').matchAll(/\b(?:portico|process|nodejs)_[a-z0-9_]+/g),
    ]
      .map(([name]) => name.replace(/_bucket$/, ''))
      .filter((name) => name !== 'portico_build_info');
    assert.ok(asked.length > 10);
    assert.deepEqual(
      asked.filter((name) => !known.has(name)),
      [],
    );
  });
});
