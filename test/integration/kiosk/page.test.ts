import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { monotonicMs } from '../../../src/domain/units.ts';
import type { Kiosk } from '../../../src/kiosk/kiosk.ts';
import type { KioskState } from '../../../src/kiosk/kiosk-state.ts';
import { DRAWN_FACE, drawnVisitor } from '../../helpers/drawn-visitor.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { CHROMIUM_ARGUMENTS, chromiumMissing, findChromium } from '../../helpers/find-chromium.ts';
import { FIXTURE_SETTINGS, startFixtureKiosk, stateOf } from '../../helpers/kiosk-fixture.ts';
import { FAULTS_OF_LAYOUT } from '../../helpers/page-layout.ts';
import { until } from '../../helpers/until.ts';

const SIZES = [
  { width: 1920, height: 1080 },
  { width: 1080, height: 1920 },
  { width: 800, height: 480 },
] as const;
const LANGUAGES = ['en', 'zh-Hans'] as const;
const WAIVER = 'replay camera, no person can be present';

interface Scene {
  readonly name: string;
  readonly state: KioskState;
}
const face = (progress: number) => ({ ...DRAWN_FACE, progress });
const SCENES: readonly Scene[] = [
  { name: 'idle', state: stateOf({}) },
  { name: 'idle-waived', state: stateOf({ livenessWaiver: WAIVER, door: 'held-open' }) },
  { name: 'look-here', state: stateOf({ mode: 'look-here', reasons: ['no-subject'] }) },
  {
    name: 'come-closer',
    state: stateOf({
      mode: 'look-here',
      advice: 'too-far',
      face: { x: 0.42, y: 0.3, width: 0.12, height: 0.2, progress: 0 },
    }),
  },
  {
    name: 'several-people',
    state: stateOf({ mode: 'look-here', reasons: ['several-subjects'], face: face(0) }),
  },
  {
    name: 'checking',
    state: stateOf({ mode: 'checking', reasons: ['evidence-insufficient'], face: face(0.6) }),
  },
  {
    name: 'more-light',
    state: stateOf({ mode: 'checking', advice: 'too-dark', face: face(0.25) }),
  },
  ...(['turn-left', 'turn-right', 'blink', 'come-closer'] as const).map((action, done) => ({
    name: `challenge-${action}`,
    state: stateOf({
      mode: 'checking',
      advice: `challenge-${action}` as const,
      steps: { done: done % 3, total: 3 },
      face: face((done % 3) / 3),
    }),
  })),
  {
    name: 'challenge-failed',
    state: stateOf({ mode: 'refused', reasons: ['challenge-failed'], face: face(1) }),
  },
  {
    name: 'welcome',
    state: stateOf({ mode: 'welcome', face: face(1), door: 'unlocked', relay: 'energised' }),
  },
  {
    name: 'welcome-waived',
    state: stateOf({
      mode: 'welcome',
      face: face(1),
      door: 'unlocked',
      relay: 'energised',
      livenessWaiver: WAIVER,
    }),
  },
  {
    name: 'refused',
    state: stateOf({ mode: 'refused', reasons: ['no-match'], face: face(1) }),
  },
  {
    name: 'refused-hours',
    state: stateOf({ mode: 'refused', reasons: ['outside-hours'], face: face(1) }),
  },
  { name: 'offline', state: stateOf({ mode: 'offline' }) },
  {
    name: 'fault',
    state: stateOf({
      mode: 'fault',
      door: 'unknown',
      faults: ['PORTICO_CAMERA_STALLED', 'PORTICO_STORE_UNKNOWN_IDENTITY'],
    }),
  },
  { name: 'locked-down', state: stateOf({ mode: 'locked-down', reasons: ['locked-down'] }) },
];

/** Shown in the documents, small. */
const PICTURES = process.env['PORTICO_PICTURES'];
const chromiumPath = findChromium();

/** Pixels between the ring's centre and the drawn face's, as both are on the screen. */
const RING_OFF_CENTRE = `(() => {
  const mirror = document.getElementById('mirror').getBoundingClientRect();
  const ring = document.querySelector('.ring-track').getBoundingClientRect();
  const scale = Math.max(mirror.width / 640, mirror.height / 480);
  const faceX = mirror.left + mirror.width / 2 - (${DRAWN_FACE.x + DRAWN_FACE.width / 2} - 0.5) * 640 * scale;
  const faceY = mirror.top + mirror.height / 2 + (${DRAWN_FACE.y + DRAWN_FACE.height / 2} - 0.5) * 480 * scale;
  return Math.hypot((ring.left + ring.right) / 2 - faceX, (ring.top + ring.bottom) / 2 - faceY);
})()`;

/** Writes every mode that the page takes on into `data-seen`. */
const RECORD_MODES = `
  document.body.dataset.seen = '';
  new MutationObserver(() => {
    document.body.dataset.seen += ' ' + document.body.dataset.mode;
  }).observe(document.body, { attributes: true, attributeFilter: ['data-mode'] });
`;

describe('the page on the wall', { skip: chromiumMissing }, () => {
  let browser: Browser;
  let kiosk: Kiosk;
  let rgb: Uint8Array;
  let sequence = 0;

  before(async () => {
    rgb = await drawnVisitor();
    browser = await chromium.launch({
      executablePath: chromiumPath ?? '',
      args: [...CHROMIUM_ARGUMENTS],
    });
    kiosk = await startFixtureKiosk((target) => {
      target.set(rgb);
      sequence += 1;
      return { sequence, capturedAtMs: monotonicMs(sequence) };
    });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  after(async () => {
    await browser?.close();
    await kiosk?.close();
  });

  for (const size of SIZES) {
    for (const language of LANGUAGES) {
      it(`fits every state into ${size.width} x ${size.height} in ${language}`, async () => {
        const { page, complaints } = await openPage(browser, { url: kiosk.url, size, language });
        for (const scene of SCENES) {
          kiosk.publish(scene.state);
          await showsMode(page, scene.state.mode);
          await delay(60);
          assert.deepEqual(await page.evaluate(FAULTS_OF_LAYOUT), [], scene.name);
          if (PICTURES !== undefined) {
            await delay(800);
            await takePicture(page, `${scene.name}-${size.width}x${size.height}-${language}`);
          }
        }
        assert.deepEqual(complaints, []);
      });
    }
  }

  it('puts the ring round the face that the visitor sees in the mirror', async () => {
    const { page } = await openPage(browser, { url: kiosk.url, size: SIZES[0], language: 'en' });
    kiosk.publish(stateOf({ mode: 'checking', face: face(0.5) }));
    await page.locator('#mirror[data-picture="live"]').waitFor();
    // It moves there; how long that takes is a matter of the machine.
    await until(
      'the ring lies round the face',
      async () => Number(await page.evaluate(RING_OFF_CENTRE)) < 3,
    );
  });

  it('says that it lost the gate within four seconds, and recovers by itself', async () => {
    const own = await startFixtureKiosk(() => undefined);
    const port = Number(new URL(own.url).port);
    const { page } = await openPage(browser, { url: own.url, size: SIZES[0], language: 'en' });
    own.publish(stateOf({ mode: 'welcome', door: 'unlocked', face: face(1) }));
    await showsMode(page, 'welcome');
    await own.close();
    const lostAtMs = performance.now();
    await showsMode(page, 'disconnected');
    assert.ok(performance.now() - lostAtMs < 4_000);
    assert.equal(await page.locator('#headline').textContent(), 'Screen not connected');
    assert.equal(await page.locator('footer').isVisible(), false, 'the door is not known any more');
    assert.deepEqual(await page.evaluate(FAULTS_OF_LAYOUT), []);
    await delay(800);
    await takePicture(page, 'disconnected-1920x1080-en');
    const again = await startFixtureKiosk(() => undefined, { port });
    await showsMode(page, 'idle');
    await again.close();
  });

  it('notices a gate that hangs with its socket open', async (t) => {
    // A clock that stands still: the kiosk accepts the page, then says nothing more.
    const own = await startFixtureKiosk(() => undefined, { clock: new FakeClock() });
    t.after(() => own.close());
    const { page } = await openPage(browser, { url: own.url, size: SIZES[2], language: 'zh-Hans' });
    await showsMode(page, 'idle');
    // The gate answers the page's next attempt at once, so the mode may be gone before it is looked at.
    await page.evaluate(RECORD_MODES);
    await page.locator('body[data-seen~="disconnected"]').waitFor({ timeout: 20_000 });
  });

  it('stands still for those who ask for it', async () => {
    const { page } = await openPage(browser, { url: kiosk.url, size: SIZES[0], language: 'en' });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    kiosk.publish(stateOf({ mode: 'look-here' }));
    await showsMode(page, 'look-here');
    const moving = 'document.getAnimations().filter((one) => one.playState === "running").length';
    assert.equal(await page.evaluate(moving), 0);
  });

  it('speaks the language of the configuration, and of the browser without one', async () => {
    const settings = { ...FIXTURE_SETTINGS, language: 'zh-Hans' } as const;
    const own = await startFixtureKiosk(() => undefined, { settings });
    const page = await browser.newPage({ locale: 'en-GB' });
    await page.goto(own.url);
    await page.locator('html[lang="zh-Hans"]').waitFor({ timeout: 20_000 });
    await own.close();
    const foreign = await browser.newPage({ locale: 'zh-CN' });
    await foreign.goto(kiosk.url);
    await foreign.locator('html[lang="zh-Hans"]').waitFor({ timeout: 20_000 });
  });

  async function takePicture(page: Page, name: string): Promise<void> {
    if (PICTURES === undefined) return;
    mkdirSync(PICTURES, { recursive: true });
    await sharp(await page.screenshot())
      .resize({ width: 960, height: 960, fit: 'inside', withoutEnlargement: true })
      .png({ palette: true, colours: 128, effort: 10 })
      .toFile(join(PICTURES, `${name}.png`));
  }
});

/** The page's policy forbids evaluating strings, so the test waits for what can be selected. */
async function showsMode(page: Page, mode: string): Promise<void> {
  await page.locator(`body[data-mode="${mode}"]`).waitFor({ timeout: 20_000 });
}

async function openPage(
  browser: Browser,
  where: {
    readonly url: string;
    readonly size: { readonly width: number; readonly height: number };
    readonly language: string;
  },
): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: where.size });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() !== 'log') complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(where.url)) complaints.push(`request to ${request.url()}`);
  });
  await page.goto(`${where.url}?lang=${where.language}`);
  return { page, complaints };
}
