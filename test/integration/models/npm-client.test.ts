import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readSettings, systemNpm } from '../../../models/prepare/npm-client.ts';

describe('npm settings', () => {
  it("follow a scope's own registry, and need one to be named", async () => {
    const settings = await readSettings(
      JSON.stringify({
        registry: 'https://mirror.example/npm',
        '@maker:registry': 'https://m.example',
      }),
    );
    assert.equal(settings.registryOf('@maker/tiny'), 'https://m.example/');
    assert.equal(settings.registryOf('@other/tiny'), 'https://mirror.example/npm/');
    assert.equal(settings.registryOf('tiny'), 'https://mirror.example/npm/');
    const nothing = await readSettings('{}');
    assert.throws(() => nothing.registryOf('tiny'), { code: 'PORTICO_MODEL_DOWNLOAD' });
  });

  it('read the certificates that npm trusts', async () => {
    const cafile = join(mkdtempSync(join(tmpdir(), 'portico-npm-')), 'ca.pem');
    writeFileSync(cafile, 'a certificate');
    assert.deepEqual((await readSettings(JSON.stringify({ cafile }))).ca, ['a certificate']);
    assert.deepEqual((await readSettings(JSON.stringify({ ca: ['one', 'two'] }))).ca, [
      'one',
      'two',
    ]);
    assert.equal((await readSettings(JSON.stringify({ ca: null, cafile: null }))).ca, undefined);
  });

  it('tell when npm goes through a proxy', async () => {
    assert.equal((await readSettings('{"proxy":null}')).usesProxy, false);
    assert.equal((await readSettings('{"https-proxy":"http://p:8080"}')).usesProxy, true);
  });

  it('come from the npm of this machine', async () => {
    assert.match((await systemNpm.settings()).registryOf('tiny'), /^https?:\/\/.+\/$/);
  });
});
