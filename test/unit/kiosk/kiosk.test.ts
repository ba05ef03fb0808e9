import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { PorticoError } from '../../../src/domain/errors.ts';
import { monotonicMs } from '../../../src/domain/units.ts';
import type { Kiosk } from '../../../src/kiosk/kiosk.ts';
import { PageFiles } from '../../../src/kiosk/page-files.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { startFixtureKiosk, stateOf } from '../../helpers/kiosk-fixture.ts';
import { type PageMessage, PageSocket } from '../../helpers/page-socket.ts';

const SIZE = { widthPx: 16, heightPx: 16 };
const WELCOME = stateOf({ mode: 'welcome', door: 'unlocked' });

describe('the kiosk', () => {
  let clock: FakeClock;
  let kiosk: Kiosk;
  let sequence = 0;
  let asked = 0;
  const pages: PageSocket[] = [];

  beforeEach(async () => {
    clock = new FakeClock();
    asked = 0;
    const getFrame = () => {
      asked += 1;
      sequence += 1;
      return { sequence, capturedAtMs: monotonicMs(sequence) };
    };
    kiosk = await startFixtureKiosk(getFrame, { clock, frameSize: SIZE, maxViewers: 2 });
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) page.socket.terminate();
    await kiosk.close();
  });

  const openPage = (): PageSocket => {
    const page = new PageSocket(kiosk.url);
    pages.push(page);
    return page;
  };
  const ask = async (path: string, options: RequestOptions = {}): Promise<IncomingMessage> => {
    const outgoing = request(new URL(path, kiosk.url), { agent: false, ...options });
    outgoing.end();
    const [response] = await once(outgoing, 'response');
    response.resume();
    return response;
  };
  /** One beat asks for one picture; the encoder's thread then takes its own time. */
  const beatUntilPicture = async (page: PageSocket): Promise<PageMessage> => {
    await clock.advance(100);
    for (;;) {
      const found = page.received.find(({ jpeg }) => jpeg.length > 0);
      if (found !== undefined) return found;
      await page.settled();
    }
  };

  describe('as a web server', () => {
    it('serves each file of the page under a policy that allows nothing from elsewhere', async () => {
      for (const path of (await PageFiles.load()).paths) {
        const { statusCode, headers } = await ask(path);
        assert.equal(statusCode, 200, path);
        const policy = String(headers['content-security-policy']);
        assert.match(policy, /default-src 'none'/);
        assert.doesNotMatch(policy, /unsafe|\*|data:/);
        assert.equal(headers['x-content-type-options'], 'nosniff');
        assert.equal(headers['cache-control'], 'no-store');
        assert.equal(headers['x-powered-by'], undefined);
      }
    });

    it('knows no other path', async () => {
      const attempts = [
        '/index.html',
        '/admin',
        '/../kiosk.js',
        '/..%2fkiosk.js',
        '//etc/passwd',
        '/%00',
        '/constructor',
        '/live',
      ];
      for (const path of attempts) {
        const { statusCode } = await ask('/', { path });
        assert.equal(statusCode, 404, path);
      }
    });

    it('answers only GET and HEAD', async () => {
      assert.equal((await ask('/', { method: 'HEAD' })).statusCode, 200);
      for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
        assert.equal((await ask('/', { method })).statusCode, 405, method);
      }
    });

    it('refuses a request that was addressed to another name (DNS rebinding)', async () => {
      const { port } = new URL(kiosk.url);
      for (const host of [
        'attacker.example',
        `attacker.example:${port}`,
        '127.0.0.1',
        `10.0.0.1:${port}`,
      ]) {
        assert.equal((await ask('/', { headers: { host } })).statusCode, 421, host);
      }
      assert.equal((await ask('/', { headers: { host: `localhost:${port}` } })).statusCode, 200);
    });

    it('refuses an address that other machines could reach', async () => {
      await assert.rejects(
        startFixtureKiosk(() => undefined, { host: '0.0.0.0' }),
        {
          code: 'PORTICO_KIOSK_UNAVAILABLE',
        },
      );
    });

    it('names the port that is taken, and the remedy', async () => {
      const port = Number(new URL(kiosk.url).port);
      const error: unknown = await startFixtureKiosk(() => undefined, { port }).catch(
        (cause: unknown) => cause,
      );
      assert.ok(error instanceof PorticoError);
      assert.equal(error.code, 'PORTICO_KIOSK_UNAVAILABLE');
      assert.match(error.message, new RegExp(`port ${port}.*another program`));
      assert.match(error.remedy, /another kiosk port/);
    });
  });

  describe('as a live socket', () => {
    const refusedWith = async (changes: object, path = '/live'): Promise<number | undefined> => {
      const address = new URL(path, kiosk.url);
      const { origin } = address;
      address.protocol = 'ws:';
      const socket = new WebSocket(address, { origin, ...changes });
      const refusal = new Promise<number | undefined>((resolve) => {
        socket.once('unexpected-response', (_request, response) => resolve(response.statusCode));
        socket.once('open', () => resolve(undefined));
      });
      socket.on('error', () => undefined);
      const status = await refusal;
      socket.terminate();
      return status;
    };

    it('opens to its own page only', async () => {
      assert.equal(await refusedWith({ origin: 'http://attacker.example' }), 403);
      assert.equal(await refusedWith({ origin: 'null' }), 403);
      assert.equal(await refusedWith({ origin: undefined }), 403);
      assert.equal(await refusedWith({ headers: { host: 'attacker.example' } }), 403);
      assert.equal(await refusedWith({}, '/other'), 404);
      assert.equal(await refusedWith({}), undefined);
    });

    it('opens to no more pages than allowed', async () => {
      await openPage().next();
      await openPage().next();
      assert.equal(await refusedWith({}), 503);
      assert.equal(kiosk.viewerCount, 2);
    });

    it('tells a new page at once what holds now', async () => {
      kiosk.publish(stateOf({ mode: 'locked-down', reasons: ['locked-down'] }));
      const { header } = await openPage().next();
      assert.equal(header.mode, 'locked-down');
    });

    it('sends nothing more to a page that does not answer, whatever happens', async () => {
      const page = openPage();
      await page.next();
      for (let turn = 0; turn < 2_000; turn += 1) kiosk.publish(WELCOME);
      await clock.advance(5_000);
      await page.settled();
      assert.equal(page.received.length, 1);
      assert.ok(asked <= 1, 'and no frame is encoded for it');
    });

    it('folds all that a page has missed into its next message', async () => {
      const page = openPage();
      const first = await page.next();
      kiosk.publish(stateOf({ mode: 'look-here' }));
      kiosk.publish(stateOf({ mode: 'checking' }));
      kiosk.publish(WELCOME);
      page.acknowledge(first);
      const second = await page.next();
      assert.equal(second.header.mode, 'welcome');
      assert.equal(second.header.number, first.header.number + 1);
    });

    it('drops a page that has not answered for ten seconds', async () => {
      const page = openPage();
      await page.next();
      await clock.advance(10_200);
      await page.closed();
      assert.equal(kiosk.viewerCount, 0);
    });

    it('drops a page that says anything but the number it owes', async () => {
      for (const word of ['2', '-1', 'open', '{"mode":"welcome"}', '1 ', 'x'.repeat(100_000)]) {
        const page = openPage();
        await page.next();
        page.socket.send(word);
        await page.closed();
      }
    });

    it('gives a sign of life every second while nothing happens', async () => {
      const page = openPage();
      page.acknowledge(await page.next());
      await page.settled();
      await clock.advance(900);
      await page.settled();
      assert.equal(page.received.length, 1);
      await clock.advance(200);
      await page.settled();
      assert.equal(page.received.length, 2);
    });

    it('lets a greeting end by itself when the gate falls silent', async () => {
      const page = openPage();
      page.answersAlways = true;
      await page.next();
      kiosk.publish(WELCOME);
      await page.settled();
      assert.equal(page.received.at(-1)?.header.mode, 'welcome');
      for (let second = 0; second < 11; second += 1) {
        await clock.advance(1_000);
        await page.settled();
      }
      assert.equal(page.received.at(-1)?.header.mode, 'idle');
    });

    it('shows the camera only while somebody is there', async () => {
      const page = openPage();
      page.answersAlways = true;
      await page.next();
      await clock.advance(3_000);
      assert.equal(asked, 0);
      kiosk.publish(stateOf({ mode: 'look-here' }));
      const picture = await beatUntilPicture(page);
      assert.equal(picture.header.mode, 'look-here');
      assert.equal(picture.header.frame, sequence);
      assert.deepEqual([...picture.jpeg.subarray(0, 2)], [0xff, 0xd8]);
      kiosk.publish(stateOf({}));
      await page.settled();
      const before = asked;
      await clock.advance(1_000);
      assert.equal(asked, before);
    });

    it('keeps no timer while nobody looks', async () => {
      const page = openPage();
      await page.next();
      assert.equal(clock.pendingTimers, 1);
      page.socket.terminate();
      while (kiosk.viewerCount > 0) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(clock.pendingTimers, 0);
    });

    it('closes twice without complaint, and its pages with it', async () => {
      const page = openPage();
      await page.next();
      await Promise.all([kiosk.close(), kiosk.close()]);
      await page.closed();
      kiosk.publish(WELCOME);
    });
  });
});
