import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import type { ArtPicture, ArtTitle } from '../../../src/domain/art.ts';
import { monotonicMs } from '../../../src/domain/units.ts';
import type { Kiosk } from '../../../src/kiosk/kiosk.ts';
import { drawnVisitor } from '../../helpers/drawn-visitor.ts';
import { CHROMIUM_ARGUMENTS, chromiumMissing, findChromium } from '../../helpers/find-chromium.ts';
import { startFixtureKiosk, stateOf } from '../../helpers/kiosk-fixture.ts';
import { FAULTS_OF_LAYOUT } from '../../helpers/page-layout.ts';
import { busiest, renderersOf, residentBytes } from '../../helpers/renderer-process.ts';

const SIZES = [
  { width: 1920, height: 1080 },
  { width: 1080, height: 1920 },
  { width: 800, height: 480 },
] as const;
const PAINTING = fileURLToPath(
  new URL('../../../../docs/art/gatys-chicago-starry-night.jpg', import.meta.url),
);
const TITLE: ArtTitle = { style: 'The Starry Night', manner: 'slow', subject: 'Chicago' };
const PICTURES = process.env['PORTICO_PICTURES'];
const chromiumPath = findChromium();
/** Enough that a kilobyte lost with each would show. */
const MANY = Number(process.env['PORTICO_PAINTINGS'] ?? 1_500);

describe('the painting on the wall', { skip: chromiumMissing }, () => {
  let browser: Browser;
  let kiosk: Kiosk;
  let visitor: Uint8Array;
  let picture: ArtPicture | undefined;
  let brightness = 1;
  let sequence = 0;

  /** Hangs one colour, or a real painting. */
  const hang = async (
    colour: string | undefined,
    changes: Partial<ArtPicture> = {},
  ): Promise<void> => {
    sequence += 1;
    const jpeg = colour === undefined ? readFileSync(PAINTING) : await plain(colour);
    picture = { sequence, jpeg, title: TITLE, fadeMs: 0, ...changes };
  };
  const art = {
    get picture() {
      return picture;
    },
    get brightness() {
      return brightness;
    },
  };

  before(async () => {
    visitor = await drawnVisitor();
    browser = await chromium.launch({
      executablePath: chromiumPath ?? '',
      args: [...CHROMIUM_ARGUMENTS],
    });
    kiosk = await startFixtureKiosk(
      (target) => {
        target.set(visitor);
        sequence += 1;
        return { sequence, capturedAtMs: monotonicMs(sequence) };
      },
      { art },
    );
  });
  beforeEach(() => {
    picture = undefined;
    brightness = 1;
    kiosk.publish(stateOf({}));
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  after(async () => {
    await browser?.close();
    await kiosk?.close();
  });

  const open = async (
    size: { readonly width: number; readonly height: number } = SIZES[0],
    language = 'en',
    reducedMotion: 'reduce' | 'no-preference' = 'no-preference',
  ): Promise<Page> => {
    const page = await browser.newPage({ viewport: size, reducedMotion });
    await page.goto(`${kiosk.url}?lang=${language}`);
    return page;
  };
  const shows = (page: Page, isShown: boolean): Promise<void> =>
    page
      .locator(`#painting[data-shown="${isShown}"]`)
      .waitFor({ state: 'attached', timeout: 20_000 });
  /** Red, green, blue in the middle of the canvas. */
  const middle = (page: Page): Promise<unknown> =>
    page.evaluate(`(() => {
      const canvas = document.getElementById('painting');
      const { data } = canvas.getContext('2d').getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1);
      return [...data.slice(0, 3)];
    })()`);
  const until = async (page: Page, holds: (rgb: readonly number[]) => boolean): Promise<void> => {
    const deadline = performance.now() + 20_000;
    for (;;) {
      const rgb = await middle(page);
      assert.ok(Array.isArray(rgb));
      if (holds(rgb)) return;
      assert.ok(performance.now() < deadline, `the middle is ${rgb.join()}`);
      await delay(20);
    }
  };
  const opacity = (page: Page, id: string): Promise<unknown> =>
    page.evaluate(`Number(getComputedStyle(document.getElementById('${id}')).opacity)`);
  const fades = async (page: Page, id: string, to: number): Promise<void> => {
    const deadline = performance.now() + 20_000;
    while ((await opacity(page, id)) !== to) {
      assert.ok(performance.now() < deadline, `#${id} does not reach ${to}`);
      await delay(50);
    }
  };

  for (const size of SIZES) {
    for (const language of ['en', 'zh-Hans']) {
      it(`leaves the words readable at ${size.width} x ${size.height} in ${language}`, async () => {
        await hang(undefined);
        const page = await open(size, language);
        for (const mode of ['idle', 'offline'] as const) {
          kiosk.publish(stateOf({ mode }));
          await page.locator(`body[data-mode="${mode}"]`).waitFor({ timeout: 20_000 });
          await shows(page, true);
          assert.deepEqual(await page.evaluate(FAULTS_OF_LAYOUT), [], mode);
          await fades(page, 'painting', 1);
          const name = `${mode}-painted-${size.width}x${size.height}-${language}`;
          await takePicture(page, name);
        }
        assert.match((await page.locator('#title').textContent()) ?? '', /Chicago.*Starry Night/);
      });
    }
  }

  it('hangs in the page’s middle, cut at two sides, and gives way to the visitor', async () => {
    await hang('#c02010');
    const page = await open();
    await shows(page, true);
    await until(page, ([red = 0, green = 0]) => red > 180 && green < 60);
    kiosk.publish(stateOf({ mode: 'look-here', reasons: ['no-subject'] }));
    await page.locator('#mirror[data-picture="live"]').waitFor({ timeout: 20_000 });
    await fades(page, 'painting', 0);
    kiosk.publish(stateOf({}));
    await fades(page, 'painting', 1);
    await until(page, ([red = 0]) => red > 180);
  });

  it('passes from one picture into the next', async () => {
    await hang('#ff0000');
    const page = await open();
    await shows(page, true);
    await until(page, ([red = 0]) => red > 240);
    await hang('#0000ff', { fadeMs: 3_000 });
    await until(page, ([red = 0, , blue = 0]) => red > 40 && blue > 40);
    await until(page, ([red = 0, , blue = 0]) => red < 12 && blue > 240);
  });

  it('goes back to the plain picture when there is no painting any more', async () => {
    await hang('#00ff00');
    const page = await open();
    await shows(page, true);
    picture = undefined;
    kiosk.publish(stateOf({}));
    await shows(page, false);
    assert.equal(await page.locator('#title').textContent(), '');
  });

  it('survives a picture that cannot be decoded', async () => {
    await hang('#00ff00');
    const page = await open();
    await shows(page, true);
    await hang(undefined, { jpeg: Uint8Array.of(1, 2, 3) });
    await delay(300);
    await hang('#0000ff');
    await until(page, ([, , blue = 0]) => blue > 240);
  });

  it('glows less at night, and not while somebody is there', async () => {
    await hang('#ffffff');
    brightness = 0.4;
    const page = await open();
    await fades(page, 'dusk', 0.6);
    kiosk.publish(stateOf({ mode: 'refused', reasons: ['no-match'] }));
    await fades(page, 'dusk', 0);
  });

  it('changes seldom and without a fade for those who wish for stillness', async () => {
    await hang('#ff0000');
    const page = await open(SIZES[0], 'en', 'reduce');
    await shows(page, true);
    await until(page, ([red = 0]) => red > 240);
    await hang('#0000ff', { fadeMs: 2_000 });
    await delay(1_000);
    assert.deepEqual(await middle(page).then((rgb) => (rgb as number[])[2]! < 20), true);
  });

  it(`keeps nothing of ${MANY} pictures`, async (test) => {
    const jpegs = await Promise.all(['#803020', '#208040', '#203080'].map((c) => plain(c, 512)));
    let drawn = 0;
    const endless = await startFixtureKiosk(() => undefined, {
      art: {
        // Every message carries another picture: as many as the page can take.
        get picture() {
          drawn += 1;
          const jpeg = jpegs[drawn % jpegs.length]!;
          return { sequence: drawn, jpeg, title: TITLE, fadeMs: drawn % 4 === 0 ? 60 : 0 };
        },
        brightness: 1,
      },
    });
    test.after(() => endless.close());
    const page = await browser.newPage({ viewport: SIZES[2] });
    await page.goto(endless.url);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const before = await renderersOf(browser);
    await delay(1_000);
    const renderer = busiest(before, await renderersOf(browser));
    const samples: { readonly heap: number; readonly resident: number }[] = [];
    const beganMs = performance.now();
    while (drawn < MANY) {
      const goal = drawn + MANY / 12;
      while (drawn < goal) await delay(20);
      await session.send('HeapProfiler.collectGarbage');
      const { metrics } = await session.send('Performance.getMetrics');
      const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN;
      samples.push({ heap, resident: residentBytes(renderer) });
    }
    const seconds = (performance.now() - beganMs) / 1_000;
    // What a page takes at first and never gives back is not growth.
    const settled = samples.slice(4);
    const growth = (of: (sample: (typeof samples)[number]) => number): number => {
      const half = Math.floor(settled.length / 2);
      const least = (part: typeof samples): number => Math.min(...part.map(of));
      return (least(settled.slice(half)) - least(settled.slice(0, half))) / 1_048_576;
    };
    const heapGrowth = growth(({ heap }) => heap);
    const residentGrowth = growth(({ resident }) => resident);
    test.diagnostic(
      `${drawn} pictures in ${seconds.toFixed(0)} s: heap ${heapGrowth.toFixed(3)} MiB, renderer ${residentGrowth.toFixed(1)} MiB of ${((samples.at(-1)?.resident ?? 0) / 1_048_576).toFixed(0)}`,
    );
    assert.ok(heapGrowth < 0.5, `the heap grew by ${heapGrowth} MiB`);
    assert.ok(residentGrowth < 16, `the renderer grew by ${residentGrowth} MiB`);
  });

  async function takePicture(page: Page, name: string): Promise<void> {
    if (PICTURES === undefined) return;
    mkdirSync(PICTURES, { recursive: true });
    await sharp(await page.screenshot())
      .resize({ width: 960, height: 960, fit: 'inside', withoutEnlargement: true })
      .png({ palette: true, colours: 192, effort: 10 })
      .toFile(join(PICTURES, `${name}.png`));
  }
});

const plain = (background: string, width = 64): Promise<Buffer> =>
  sharp({ create: { width, height: Math.round(width * 0.75), channels: 3, background } })
    .jpeg()
    .toBuffer();
