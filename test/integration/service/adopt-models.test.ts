import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cacheDirectory } from '../../../src/config/load.ts';
import { freePort } from '../../../src/evaluation/site/local-port.ts';
import { gateCannotRun, PORTICO, RealGate, statusWhen } from '../../helpers/real-gate.ts';

const shipped = fileURLToPath(new URL('../../../../models/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'portico-adopt-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const config = join(folder, 'portico.json');

interface Outcome {
  readonly status: number;
  readonly stdout: string;
}
const portico = (...args: readonly string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    const env = {
      ...process.env,
      STATE_DIRECTORY: folder,
      CACHE_DIRECTORY: join(cacheDirectory(process.env), '..'),
    };
    execFile(
      process.execPath,
      [PORTICO, '--config', config, '--json', ...args],
      { env, encoding: 'utf8' },
      (error, stdout) => resolve({ status: Number(error?.code ?? 0), stdout }),
    );
  });

/** The detector of the release, changed: the weights are the same, so nothing has to be fetched. */
function anUpdate(name: string, change: (manifest: Record<string, unknown>) => void): string {
  const update = join(folder, name, 'blazeface-back');
  mkdirSync(update, { recursive: true });
  const text = readFileSync(join(shipped, 'blazeface-back/manifest.json'), 'utf8');
  const manifest: Record<string, unknown> = JSON.parse(text);
  change(manifest);
  writeFileSync(join(update, 'manifest.json'), JSON.stringify(manifest));
  return join(folder, name);
}

describe('portico models adopt', { skip: gateCannotRun() }, () => {
  it('refuses models that know nobody again, and changes nothing', async () => {
    const port = await freePort();
    writeFileSync(
      config,
      JSON.stringify({
        schemaVersion: 1,
        camera: { source: 'test:' },
        kiosk: { enabled: false },
        health: { port },
      }),
    );
    const update = anUpdate('blind', (manifest) => {
      const input = manifest['input'] as { mean: number[] };
      input.mean = input.mean.map(() => 60_000);
    });
    const { status, stdout } = await portico('models', 'adopt', update);
    assert.equal(status, 1, stdout);
    assert.equal(JSON.parse(stdout).outcome, 'refused');
  });

  it('puts models that prove themselves on trial, and the next gate sees with them', async () => {
    const update = anUpdate('better', (manifest) => {
      manifest['description'] = 'a better detector';
    });
    const { status, stdout } = await portico('models', 'adopt', update);
    assert.equal(status, 0, stdout);
    const listed = JSON.parse((await portico('models', 'ls')).stdout);
    const described = listed.map(({ description }: { description: string }) => description);
    assert.equal(described.includes('a better detector'), true);
    const { health } = JSON.parse(readFileSync(config, 'utf8'));
    const gate = new RealGate(folder, config);
    try {
      const sees = await statusWhen(
        health.port,
        ({ condition }) => condition === 'working',
        () => gate.output,
      );
      assert.equal(sees.provider, 'cpu');
    } finally {
      await gate.stop();
    }
    const state = JSON.parse(readFileSync(join(folder, 'models/in-force.json'), 'utf8'));
    assert.equal(state.trial.starts, 1);
  });
});
