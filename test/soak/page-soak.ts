// npm run test:soak:page -- --minutes 1440: see README.md here. Keeps the page on the wall open in a real browser while pictures come,
// visitors come and go and the gate restarts, and says at the end whether the browser held on to any of it.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import type { ArtPicture } from '../../src/domain/art.ts';
import { monotonicMs } from '../../src/domain/units.ts';
import type { Kiosk } from '../../src/kiosk/kiosk.ts';
import type { KioskState } from '../../src/kiosk/kiosk-state.ts';
import { DRAWN_FACE, drawnVisitor } from '../helpers/drawn-visitor.ts';
import { CHROMIUM_ARGUMENTS, findChromium } from '../helpers/find-chromium.ts';
import { startFixtureKiosk, stateOf } from '../helpers/kiosk-fixture.ts';
import { busiest, renderersOf, residentBytes } from '../helpers/renderer-process.ts';
import { type PageSample, pageSoakReport } from './page-soak-report.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1440' },
    pictures: { type: 'string', default: '2' },
    every: { type: 'string', default: '60' },
    help: { type: 'boolean', default: false },
  },
});
const MINUTES = Number(values.minutes);
/** Pictures a second. */
const PACE = Number(values.pictures);
const SAMPLE_EVERY_S = Number(values.every);
/** A gate that is started anew, as after an update: the page connects again. */
const RESTART_EVERY_S = 600;
const PAINTINGS = fileURLToPath(new URL('../../../docs/art/', import.meta.url));

/** One turn of a minute: mostly nobody, then somebody who is asked something and let in. */
const face = { ...DRAWN_FACE, progress: 0.5 };
const MINUTE: readonly (readonly [untilS: number, state: KioskState])[] = [
  [40, stateOf({})],
  [44, stateOf({ mode: 'look-here', advice: 'too-far', face })],
  [
    50,
    stateOf({
      mode: 'checking',
      advice: 'challenge-turn-left',
      steps: { done: 1, total: 3 },
      face,
    }),
  ],
  [54, stateOf({ mode: 'welcome', door: 'unlocked', relay: 'energised', face })],
  [57, stateOf({ mode: 'refused', reasons: ['no-match'], face })],
  [60, stateOf({ mode: 'offline' })],
];

class Wall {
  readonly #jpegs: readonly Buffer[];
  readonly #visitor: Uint8Array;
  readonly #beganMs = performance.now();
  #frames = 0;
  kiosk: Kiosk | undefined;
  restarts = 0;
  seen = 0;

  constructor(jpegs: readonly Buffer[], visitor: Uint8Array) {
    this.#jpegs = jpegs;
    this.#visitor = visitor;
  }

  get seconds(): number {
    return (performance.now() - this.#beganMs) / 1_000;
  }

  /** Every third fades in, as a style does that comes up. */
  get picture(): ArtPicture {
    const sequence = Math.floor(this.seconds * PACE) + 1;
    this.seen = sequence;
    const jpeg = this.#jpegs[sequence % this.#jpegs.length] ?? Buffer.alloc(0);
    const title = { style: `Style ${sequence % 5}`, manner: 'fast' } as const;
    return { sequence, jpeg, title, fadeMs: sequence % 3 === 0 ? 400 : 0 };
  }

  readonly brightness = 1;

  async open(port: number): Promise<Kiosk> {
    this.kiosk = await startFixtureKiosk(
      (target) => {
        target.set(this.#visitor);
        this.#frames += 1;
        return { sequence: this.#frames, capturedAtMs: monotonicMs(this.#frames) };
      },
      { art: this, port },
    );
    return this.kiosk;
  }

  publish(): void {
    const second = this.seconds % 60;
    const [, state] = MINUTE.find(([untilS]) => second < untilS) ?? [0, stateOf({})];
    this.kiosk?.publish(state);
  }

  /** On the same port, so that the page finds it again. */
  async restart(): Promise<void> {
    const port = Number(new URL(this.kiosk?.url ?? '').port);
    await this.kiosk?.close();
    await delay(2_000);
    await this.open(port);
    this.restarts += 1;
  }
}

async function soak(profile: string): Promise<void> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('chromium is not installed');
  const names = readdirSync(PAINTINGS).filter((name) => name.endsWith('.jpg'));
  const jpegs = names.map((name) => readFileSync(join(PAINTINGS, name)));
  const wall = new Wall(jpegs, await drawnVisitor());
  const { url } = await wall.open(0);
  const browser = await chromium.launch({
    executablePath,
    args: [...CHROMIUM_ARGUMENTS, `--disk-cache-dir=${profile}`],
  });
  let isOver = false;
  const stop = (): void => {
    isOver = true;
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const page = await browser.newPage({ viewport: { width: 1_080, height: 1_920 } });
    await page.goto(url);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const before = await renderersOf(browser);
    await delay(3_000);
    const renderer = busiest(before, await renderersOf(browser));
    const samples: PageSample[] = [];
    let sampleAtS = 0;
    let restartAtS = RESTART_EVERY_S;
    while (!isOver && wall.seconds < MINUTES * 60) {
      wall.publish();
      await delay(100);
      if (wall.seconds >= restartAtS) {
        restartAtS += RESTART_EVERY_S;
        await wall.restart();
      }
      if (wall.seconds < sampleAtS) continue;
      sampleAtS += SAMPLE_EVERY_S;
      await session.send('HeapProfiler.collectGarbage');
      const { metrics } = await session.send('Performance.getMetrics');
      const metric = (name: string): number =>
        metrics.find((entry) => entry.name === name)?.value ?? Number.NaN;
      const sample: PageSample = {
        minutes: wall.seconds / 60,
        heapBytes: metric('JSHeapUsedSize'),
        nodes: metric('Nodes'),
        listeners: metric('JSEventListeners'),
        documents: metric('Documents'),
        residentBytes: residentBytes(renderer),
      };
      samples.push(sample);
      console.log(JSON.stringify(sample));
    }
    console.log(pageSoakReport(samples, { pictures: wall.seen, restarts: wall.restarts }));
  } finally {
    await browser.close();
    await wall.kiosk?.close();
  }
}

if (values.help) {
  console.log(
    'npm run test:soak:page -- [--minutes 1440] [--pictures 2 (a second)] [--every 60 (seconds)]\n' +
      'One line of JSON per sample; at the end, or at Ctrl-C, what grew.',
  );
} else {
  const profile = mkdtempSync(join(tmpdir(), 'portico-page-'));
  try {
    await soak(profile);
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
}
