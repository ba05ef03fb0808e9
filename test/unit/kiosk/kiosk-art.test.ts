import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { ArtPicture } from '../../../src/domain/art.ts';
import { monotonicMs } from '../../../src/domain/units.ts';
import type { Kiosk } from '../../../src/kiosk/kiosk.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { startFixtureKiosk, stateOf } from '../../helpers/kiosk-fixture.ts';
import { PageSocket } from '../../helpers/page-socket.ts';

const JPEG = Buffer.from([1, 2, 3, 4]);

describe('the kiosk with art', () => {
  let clock: FakeClock;
  let kiosk: Kiosk;
  let page: PageSocket;
  let picture: ArtPicture | undefined;

  const hang = (sequence: number, style = 'Udnie'): void => {
    picture = { sequence, jpeg: JPEG, title: { style, manner: 'fast' }, fadeMs: 300 };
  };
  beforeEach(async () => {
    clock = new FakeClock();
    picture = undefined;
    kiosk = await startFixtureKiosk(() => ({ sequence: 1, capturedAtMs: monotonicMs(1) }), {
      clock,
      frameSize: { widthPx: 16, heightPx: 16 },
      art: {
        get picture() {
          return picture;
        },
        brightness: 0.5,
      },
    });
    page = new PageSocket(kiosk.url);
    page.answersAlways = true;
    await page.next();
  });
  afterEach(async () => {
    page.socket.terminate();
    await kiosk.close();
  });
  const beat = async (): Promise<void> => {
    await clock.advance(100);
    await page.settled();
  };

  it('sends a picture once, by the next beat', async () => {
    hang(1);
    await beat();
    const { header, jpeg } = page.received.at(-1)!;
    assert.deepEqual(header.art, {
      style: 'Udnie',
      manner: 'fast',
      fadeMs: 300,
      isAttached: true,
    });
    assert.deepEqual([...jpeg], [...JPEG]);
    kiosk.publish(stateOf({ door: 'open' }));
    await beat();
    const later = page.received.at(-1)!;
    assert.equal(later.header.art?.isAttached, false, 'the page has it');
    assert.equal(later.jpeg.length, 0);
  });

  it('sends the newest of several', async () => {
    page.answersAlways = false;
    hang(1);
    await beat();
    hang(2);
    hang(3, 'The Scream');
    await beat();
    page.answersAlways = true;
    page.acknowledge(page.received.at(-1)!);
    await beat();
    assert.equal(page.received.at(-1)?.header.art?.style, 'The Scream');
    const attached = page.received.filter(({ header }) => header.art?.isAttached === true);
    assert.equal(attached.length, 2);
  });

  it('says when there is none any more', async () => {
    hang(1);
    await beat();
    picture = undefined;
    await clock.advance(1_100);
    await page.settled();
    assert.equal(page.received.at(-1)?.header.art, undefined);
  });

  it('sends none while somebody is spoken to, and the newest afterwards', async () => {
    kiosk.publish(stateOf({ mode: 'look-here' }));
    hang(1);
    await beat();
    assert.equal(page.received.at(-1)?.header.art, undefined);
    assert.equal(page.received.at(-1)?.header.brightness, 1);
    kiosk.publish(stateOf({}));
    await beat();
    const shown = page.received.find(({ header }) => header.art?.isAttached === true);
    assert.equal(shown?.header.brightness, 0.5);
  });

  it('cuts titles that are too long for a label', async () => {
    hang(1, 'x'.repeat(100));
    await beat();
    assert.equal(page.received.at(-1)?.header.art?.style.length, 60);
  });
});
