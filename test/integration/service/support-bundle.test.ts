import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { freePort } from '../../../src/evaluation/site/local-port.ts';
import { createKeyFile, readMasterKey } from '../../../src/gallery/master-key.ts';
import { openStore } from '../../../src/gallery/open-store.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { gateCannotRun, PORTICO, RealGate, statusWhen } from '../../helpers/real-gate.ts';
import { unitVector } from '../../helpers/store-data.ts';

const PEOPLE = [
  { identityId: 'grace-hopper', name: 'Grace Brewster Hopper' },
  { identityId: 'badge-40717', name: 'Wilhelmina Śmiałowska' },
] as const;
const DIMENSION = 512;

describe('support bundle of a gate with people', { skip: gateCannotRun() }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-bundle-'));
  const config = join(folder, 'portico.json');
  const log = join(folder, 'gate.log');
  const keyFile = join(folder, 'portico.key');
  let gate: RealGate | undefined;

  after(async () => {
    await gate?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  before(async () => {
    createKeyFile(keyFile);
    const store = openStore({
      path: join(folder, 'portico.db'),
      key: readMasterKey({ keyFile, credentialsDirectory: undefined }),
      clock: new FakeClock(),
      create: true,
    });
    for (const [index, person] of PEOPLE.entries()) {
      const embedding = unitVector(index, DIMENSION);
      store.enrol({ ...person, templates: [{ modelId: 'mobilefacenet-512', embedding }] });
    }
    store.close();
    const port = await freePort();
    const settings = {
      schemaVersion: 1,
      gate: { name: 'Hopper’s own door' },
      camera: { source: 'test:' },
      kiosk: { enabled: false },
      health: { port },
    };
    writeFileSync(config, JSON.stringify(settings));
    gate = new RealGate(folder, config);
    await statusWhen(
      port,
      () => true,
      () => gate?.output ?? '',
    );
    const told = [
      JSON.stringify({ event: 'access.claimed', identityId: 'grace-hopper', level: 30 }),
      JSON.stringify({ event: 'x', detail: 'no face like Grace Hopper', name: 'Hopper' }),
      `Hopper ${JSON.stringify([...unitVector(0, DIMENSION)])}`,
    ];
    writeFileSync(log, `${gate.output}\n${told.join('\n')}\n`);
  });

  const bundle = (...args: readonly string[]): Promise<{ readonly stdout: string }> =>
    promisify(execFile)(
      process.execPath,
      [PORTICO, '--config', config, '--json', 'support-bundle', '--log', log, ...args],
      { encoding: 'utf8', env: { ...process.env, STATE_DIRECTORY: folder } },
    );

  it('says what would go in, and writes nothing', async () => {
    const { path, files } = JSON.parse((await bundle('--dry-run')).stdout);
    assert.equal(path, undefined);
    assert.deepEqual(
      files.map(({ name }: { readonly name: string }) => name),
      [
        'README.txt',
        'versions.json',
        'configuration.json',
        'doctor.json',
        'status.json',
        'metrics.txt',
        'store.json',
        'models.json',
        'units.txt',
        'log.txt',
        'kernel.txt',
      ],
    );
  });

  it('tells how the gate is, and nobody who passes it', async () => {
    const out = join(folder, 'bundle.tar.gz');
    await bundle('--out', out);
    assert.equal(statSync(out).mode & 0o777, 0o600);
    const archive = gunzipSync(readFileSync(out));
    const text = archive.toString('utf8');
    for (const wanted of [
      /"people": 2/,
      /"mobilefacenet-512": 2/,
      /portico_alive 1/,
      /"condition": "/,
      /"event":"access\.claimed"/,
      /in use by the running gate/,
      /"sha256": \[\s+"[0-9a-f]{64}"/,
    ]) {
      assert.match(text, wanted);
    }
    for (const { identityId, name } of PEOPLE) {
      for (const word of [identityId, ...name.split(' ')]) {
        assert.ok(!text.includes(word), word);
      }
    }
    for (const [what, bytes] of secrets()) assert.ok(!archive.includes(bytes), what);
  });

  it('does not write over what is there', async () => {
    const out = join(folder, 'there.tar.gz');
    writeFileSync(out, 'mine');
    await assert.rejects(bundle('--out', out), /PORTICO_USAGE/);
    assert.equal(readFileSync(out, 'utf8'), 'mine');
  });

  /** In the forms in which they could have got in. */
  function secrets(): readonly (readonly [string, Buffer | string])[] {
    const key = readFileSync(keyFile);
    const embeddings = PEOPLE.map((_, index) => unitVector(index, DIMENSION));
    return [
      ['the key', key.subarray(0, 16)],
      ['the key in hexadecimal', key.toString('hex').slice(0, 32)],
      ['the key in base64', key.toString('base64').slice(0, 20)],
      ['its digest', createHash('sha256').update(key).digest('hex')],
      ['a picture', Buffer.from([0xff, 0xd8, 0xff])],
      ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47])],
      ...embeddings.flatMap((vector) => [
        ['a vector', Buffer.from(vector.buffer, 0, 16)] as const,
        ['a vector as text', JSON.stringify([...vector.subarray(0, 3)]).slice(1, -1)] as const,
        ['a number of a vector', String(vector[0])] as const,
      ]),
    ];
  }
});
