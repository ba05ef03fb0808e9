import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { freePort } from '../../../src/evaluation/site/local-port.ts';
import { Mosquitto, mosquittoMissing } from '../../helpers/mosquitto.ts';
import { CliHome, photograph, type RunningCli } from './portico-cli.ts';

interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** One story: each step builds on the one before it. */
describe('portico console, on the real models', { skip: mosquittoMissing }, () => {
  const home = new CliHome();
  const office = join(home.folder, 'office');
  let broker: Mosquitto | undefined;
  let served: RunningCli;
  let origin = '';
  let cookie = '';

  const ask = async (method: string, path: string, body?: Uint8Array | object): Promise<Reply> => {
    const isPicture = body instanceof Uint8Array;
    const response = await fetch(origin + path, {
      method,
      headers: {
        cookie,
        origin,
        'x-portico-console': '1',
        ...(body === undefined
          ? {}
          : { 'content-type': isPicture ? 'image/png' : 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isPicture ? Buffer.from(body) : JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Reply['body'] };
  };

  before(async () => {
    const port = await freePort();
    const url = `mqtts://localhost:${port}`;
    const at = ['--site', office] as const;
    assert.equal((await home.run('site', 'init', 'harbour', '--broker', url, ...at)).code, 0);
    broker = await Mosquitto.startAt(join(office, 'broker'), 'harbour', port);
    assert.equal((await home.run('site', 'publish', ...at)).code, 0);
    served = home.start('console', '--port', '0', ...at);
    await served.printed('?key=');
    const link = /http:\S+/.exec(served.out())?.[0] ?? '';
    origin = new URL(link).origin;
    const welcome = await fetch(link, { redirect: 'manual' });
    cookie = welcome.headers.get('set-cookie')?.split(';')[0] ?? '';
  });
  after(async () => {
    await broker?.dispose();
  });

  it('is one page with a strict policy, for the browser that was let in', async () => {
    const page = await fetch(origin, { headers: { cookie } });
    assert.equal(page.status, 200);
    const policy = page.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe|https?:/);
    assert.equal((await fetch(origin)).status, 401);
  });

  it('needs a site', async () => {
    assert.equal((await home.run('console')).code, 2);
  });

  it('shows the aligned face of a photograph, and enrols it', async () => {
    const photo = readFileSync(await home.portrait('enrolled'));
    const { status, body } = await ask('POST', '/api/photos', photo);
    assert.equal(status, 200, JSON.stringify(body));
    const crop = await sharp(Buffer.from(String(body['crop']), 'base64')).metadata();
    assert.deepEqual([crop.format, crop.width, crop.height], ['jpeg', 224, 224]);
    const draftIds = [body['draftId']];
    const person = { name: 'Ada Lovelace', identityId: 'ada', draftIds };
    assert.deepEqual(await ask('POST', '/api/people', person), {
      status: 200,
      body: { identityId: 'ada' },
    });
    assert.equal((await ask('POST', '/api/people', person)).body['reason'], 'photo-forgotten');
  });

  it('knows her on a photograph of another day', async () => {
    const other = readFileSync(await home.portrait('resident'));
    const { status, body } = await ask('POST', '/api/photos', other);
    assert.equal(status, 409);
    assert.deepEqual(body['resembles'], { identityId: 'ada', name: 'Ada Lovelace' });
    assert.equal((await ask('POST', '/api/photos?for=ada', other)).status, 200);
    const stranger = readFileSync(await home.portrait('stranger'));
    const wrong = await ask('POST', '/api/photos?for=ada', stranger);
    assert.equal(wrong.body['reason'], 'unlike-own-templates');
  });

  it('refuses a group, and what is no picture', async () => {
    const group = await ask('POST', '/api/photos', readFileSync(photograph('sample3.jpg')));
    assert.equal(group.body['reason'], 'several-faces');
    const text = await ask('POST', '/api/photos', Buffer.from('not a picture'));
    assert.equal(text.body['reason'], 'unreadable');
  });

  it('ends by Ctrl-C, and has kept neither a name nor a photograph in the clear', async () => {
    served.kill('SIGINT');
    const { code, err } = await served.ended;
    assert.equal(code, 0, err);
    for (const entry of readdirSync(office, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile()) continue;
      const bytes = readFileSync(join(entry.parentPath, entry.name));
      assert.equal(bytes.includes('Lovelace'), false, entry.name);
      assert.equal(bytes.includes('JFIF') || bytes.includes('PNG'), false, entry.name);
    }
    const people = await home.run('people', 'ls', '--json', '--site', office);
    assert.match(people.out, /Ada Lovelace/);
  });
});
