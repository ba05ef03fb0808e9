import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { ArtTitle } from '../../../src/domain/art.ts';
import type { ArtOrder } from '../../../src/idle/link/art-messages.ts';
import type { EaselListener } from '../../../src/idle/studio/easel.ts';
import { YIELD_WITHIN_MS } from '../../../src/idle/studio/easel-keeper.ts';
import type { EaselReply, EaselRequest } from '../../../src/idle/studio/easel-messages.ts';
import { Studio, type StudioParts } from '../../../src/idle/studio/studio.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';

const STYLES = [
  { name: 'scream', title: 'The Scream' },
  { name: 'wave', title: 'The Great Wave' },
];
const PICTURE = { rgb: new Uint8Array(48), widthPx: 4, heightPx: 4 };
const JPEG = Uint8Array.of(1, 2, 3);
const RUN_MS = 100;

/** A painter's process that takes {@link RUN_MS} for every run, or hangs in it. */
class ScriptedEasel {
  readonly asked: EaselRequest[] = [];
  isRunning = false;
  isKilled = false;
  readonly #clock: FakeClock;
  readonly #listener: EaselListener;
  readonly #hangs: () => boolean;
  #slowRuns = 0;

  constructor(clock: FakeClock, listener: EaselListener, hangs: () => boolean) {
    this.#clock = clock;
    this.#listener = listener;
    this.#hangs = hangs;
  }

  post(request: EaselRequest): void {
    this.asked.push(request);
    this.isRunning = true;
    this.#clock.after(RUN_MS, () => {
      if (this.isKilled || (this.#hangs() && request.kind !== 'open')) return;
      this.isRunning = false;
      this.#listener.onReply(this.#answer(request));
    });
  }

  kill(): void {
    if (this.isKilled) return;
    this.isKilled = true;
    this.isRunning = false;
    this.#listener.onExit();
  }

  #answer(request: EaselRequest): EaselReply {
    switch (request.kind) {
      case 'open':
        return { kind: 'ready', styles: STYLES };
      case 'paint':
        return { kind: 'painted', jpeg: JPEG };
      case 'begin':
      case 'go-on':
        this.#slowRuns += 1;
        return this.#slowRuns > 5
          ? { kind: 'finished', jpeg: JPEG }
          : { kind: 'waiting', share: this.#slowRuns / 5, runs: 5, jpeg: JPEG };
    }
  }
}

describe('the studio', () => {
  let clock: FakeClock;
  let easels: ScriptedEasel[];
  let stopped: number[];
  let shown: { readonly title: ArtTitle; readonly atMs: number }[];
  let emptied: number;
  let isHanging: boolean;
  let serial: number;
  let hasFrames: boolean;
  let abort: AbortController;
  let studio: Studio;
  let running: Promise<void>;

  beforeEach(() => {
    clock = new FakeClock();
    easels = [];
    stopped = [];
    shown = [];
    emptied = 0;
    isHanging = false;
    hasFrames = true;
    serial = 0;
    abort = new AbortController();
  });
  afterEach(async () => {
    abort.abort();
    await clock.advance(5_000);
    await running;
  });

  const open = (changes: Partial<StudioParts> = {}): void => {
    studio = new Studio({
      clock,
      logger: new RecordingLogger(),
      gate: {
        frame: () => Promise.resolve(hasFrames ? PICTURE : undefined),
        picture: (title) => shown.push({ title, atMs: clock.now() }),
        nothing: () => {
          emptied += 1;
        },
        stopped: (number) => stopped.push(number),
      },
      spawn: (listener) => {
        const easel = new ScriptedEasel(clock, listener, () => isHanging);
        easels.push(easel);
        return easel;
      },
      setup: {
        engineModule: undefined,
        providers: ['cpu'],
        threads: 1,
        painterFolder: '',
        backboneFile: undefined,
      },
      gallery: undefined,
      styles: undefined,
      longSidePx: 64,
      picturesPerSecond: 2,
      slowMs: 5_000,
      ...changes,
    });
    running = studio.run(abort.signal);
  };
  const order = (changes: Partial<ArtOrder> = {}): number => {
    serial += 1;
    const whole = { mayPaint: true, manner: 'fast', style: 'every', intervalS: 60 } as const;
    void studio.obey({ kind: 'order', serial, ...whole, ...changes });
    return serial;
  };
  const easel = (): ScriptedEasel => easels.at(-1)!;

  it('starts no painter before it may paint', async () => {
    open();
    await clock.advance(60_000);
    assert.equal(easels.length, 0);
  });

  it('paints what the camera sees, as often as it may', async () => {
    open();
    order();
    await clock.advance(10_300);
    assert.ok(shown.length >= 18 && shown.length <= 21, `${shown.length} pictures`);
    assert.deepEqual(shown[0]?.title, { style: 'The Scream', manner: 'fast' });
  });

  it('stops with the run in work, says so, and goes on later in the same process', async () => {
    open();
    order();
    while (!(easels.length > 0 && easel().asked.at(-1)?.kind === 'paint' && easel().isRunning)) {
      await clock.advance(10);
    }
    const stop = order({ mayPaint: false });
    assert.deepEqual(stopped, []);
    await clock.advance(RUN_MS);
    assert.deepEqual(stopped, [stop]);
    const asked = easel().asked.length;
    await clock.advance(30_000);
    assert.equal(easel().asked.length, asked, 'nothing begins while somebody is there');
    order();
    await clock.advance(1_000);
    assert.ok(easel().asked.length > asked);
    assert.equal(easels.length, 1);
  });

  it('answers at once when nothing runs', async () => {
    open();
    order();
    await clock.advance(450);
    assert.equal(easel().isRunning, false);
    const stop = order({ mayPaint: false });
    await clock.advance(0);
    assert.deepEqual(stopped, [stop]);
  });

  it('ends a run by force that does not end, and paints again afterwards', async () => {
    open();
    order();
    await clock.advance(1_000);
    isHanging = true;
    await clock.advance(1_000);
    const stop = order({ mayPaint: false });
    await clock.advance(YIELD_WITHIN_MS);
    assert.deepEqual([easel().isKilled, stopped], [true, [stop]]);
    isHanging = false;
    const before = shown.length;
    order();
    await clock.advance(2_000);
    assert.equal(easels.length, 2);
    assert.ok(shown.length > before);
  });

  it('stops when the gate is gone', async () => {
    open();
    order();
    await clock.advance(2_000);
    void studio.obey(undefined);
    await clock.advance(500);
    const before = shown.length;
    await clock.advance(10_000);
    assert.equal(shown.length, before);
  });

  it('pauses while the board is hot', async () => {
    open();
    order();
    await clock.advance(2_000);
    studio.noteHeat(true);
    await clock.advance(1_000);
    const before = shown.length;
    await clock.advance(10_000);
    assert.equal(shown.length, before);
    studio.noteHeat(false);
    await clock.advance(2_000);
    assert.ok(shown.length > before);
  });

  it('keeps to one style when told so', async () => {
    open();
    order({ style: 'wave', intervalS: 10 });
    await clock.advance(60_000);
    assert.deepEqual(new Set(shown.map(({ title }) => title.style)), new Set(['The Great Wave']));
  });

  it('paints a picture of the gallery once per style, and the next one in its turn', async () => {
    const names: number[] = [];
    const gallery = {
      picture: (index: number) => {
        names.push(index);
        return Promise.resolve({ ...PICTURE, name: `picture ${index}` });
      },
    };
    open({ gallery });
    order({ style: 'wave', intervalS: 60 });
    await clock.advance(50_000);
    assert.equal(shown.length, 1);
    await clock.advance(60_000);
    assert.deepEqual(
      shown.map(({ title }) => title.subject),
      ['picture 0', 'picture 1'],
    );
  });

  it('waits where no frame may be had', async () => {
    hasFrames = false;
    open();
    order();
    await clock.advance(20_000);
    assert.equal(shown.length, 0);
    hasFrames = true;
    await clock.advance(2_000);
    assert.ok(shown.length > 0);
  });

  describe('painting slowly', () => {
    const styles = {
      picture: (index: number) => Promise.resolve({ ...PICTURE, name: `style ${index}` }),
    };

    it('spreads one painting over its time, then lets it hang', async () => {
      open({ styles });
      order({ manner: 'slow', intervalS: 30 });
      await clock.advance(7_000);
      assert.equal(shown.length, 6);
      assert.ok(shown.at(-1)!.atMs - shown[0]!.atMs >= 5_000);
      assert.deepEqual(shown[0]?.title, { style: 'style 0', manner: 'slow' });
      assert.equal(easels[0]?.isKilled, true, 'its memory goes with its process');
      await clock.advance(31_000);
      assert.equal(shown.at(-1)?.title.style, 'style 1');
    });

    it('goes on where it was interrupted', async () => {
      open({ styles });
      order({ manner: 'slow' });
      await clock.advance(2_500);
      const stop = order({ mayPaint: false, manner: 'slow' });
      await clock.advance(60_000);
      assert.deepEqual(stopped, [stop]);
      const begun = shown.length;
      assert.ok(begun > 0 && begun < 5);
      order({ manner: 'slow' });
      await clock.advance(5_000);
      assert.equal(easels[0]?.asked.filter(({ kind }) => kind === 'begin').length, 1);
      assert.equal(shown.length, 6);
    });

    it('shows nothing, and tries again ever more rarely, where there are no styles', async () => {
      open();
      order({ manner: 'slow' });
      await clock.advance(300_000);
      assert.ok(emptied >= 5 && emptied <= 9, `${emptied} attempts`);
      assert.equal(shown.length, 0);
    });
  });
});
