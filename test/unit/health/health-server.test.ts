import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { PorticoError } from '../../../src/domain/errors.ts';
import { type HealthServer, startHealthServer } from '../../../src/health/health-server.ts';
import type { StatusReport } from '../../../src/health/status-report.ts';

const REPORT: StatusReport = {
  schemaVersion: 1,
  version: 'test',
  condition: 'working',
  upForMs: 1,
  stages: [],
  faults: [],
  decisions: { granted: 0, denied: 0 },
  latencyMs: {},
  machine: { residentBytes: 1 },
};

describe('health server', () => {
  let server: HealthServer;
  let condition: StatusReport['condition'] = 'working';
  const options = {
    host: '127.0.0.1',
    metrics: { contentType: 'text/plain', render: () => Promise.resolve('portico_alive 1\n') },
    report: () => ({ ...REPORT, condition }),
  };
  before(async () => {
    server = await startHealthServer({ ...options, port: 0 });
  });
  after(() => server.close());

  const get = async (path: string): Promise<readonly [number, string]> => {
    const response = await fetch(`${server.url}${path}`);
    return [response.status, await response.text()];
  };

  it('serves metrics and status', async () => {
    assert.deepEqual(await get('/metrics'), [200, 'portico_alive 1\n']);
    assert.deepEqual(JSON.parse((await get('/status'))[1]), REPORT);
    assert.equal((await get('/'))[0], 404);
  });

  it('answers a probe by the condition: only a stall is ill', async () => {
    for (const [now, status] of [
      ['working', 200],
      ['degraded', 200],
      ['stalled', 503],
    ] as const) {
      condition = now;
      assert.deepEqual(await get('/healthz'), [status, `${now}\n`]);
    }
    condition = 'working';
  });

  it('reads only', async () => {
    const response = await fetch(`${server.url}/status`, { method: 'POST' });
    assert.equal(response.status, 405);
    await response.text();
  });

  it('does not answer under a foreign name', async () => {
    const status = await new Promise((resolve, reject) => {
      request(`${server.url}/status`, { headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    assert.equal(status, 421);
  });

  it('names the port that is taken', async () => {
    const port = Number(new URL(server.url).port);
    await assert.rejects(
      startHealthServer({ ...options, port }),
      (error) =>
        error instanceof PorticoError &&
        error.code === 'PORTICO_HEALTH_UNAVAILABLE' &&
        error.message.includes(String(port)),
    );
  });
});
