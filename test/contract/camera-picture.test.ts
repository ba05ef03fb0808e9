import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import type { Camera } from '../../src/domain/ports/camera.ts';
import { RecordingLogger } from '../helpers/recording-logger.ts';
import { ProbeSink } from './camera-probe-sink.ts';
import { linkPrograms, make, missing, SIZE } from './camera-subjects.ts';

const folder = mkdtempSync(join(tmpdir(), 'portico-picture-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A picture of one colour. */
const flat = (widthPx: number, heightPx: number, background: string): Sharp =>
  sharp({ create: { width: widthPx, height: heightPx, channels: 3, background } });

async function watching(spec: string, check: (sink: ProbeSink) => Promise<void>): Promise<void> {
  const camera: Camera = await make(spec);
  const sink = new ProbeSink(SIZE);
  await camera.open(sink);
  try {
    await check(sink);
  } finally {
    await camera.close();
  }
}

describe('a watched picture', () => {
  it('that never changes is reported frozen, and frames go on', async () => {
    const still = join(folder, 'still');
    mkdirSync(still);
    const noise = { type: 'gaussian', mean: 120, sigma: 40 } as const;
    await sharp({ create: { width: 320, height: 240, channels: 3, background: '#000', noise } })
      .png()
      .toFile(join(still, 'one.png'));
    await watching(`dir:${still}?fps=30&loop=1&health=on`, async (sink) => {
      await sink.until(({ faults }) => faults.length === 1, 5_000);
      assert.equal(sink.faults[0]?.code, 'PORTICO_CAMERA_FROZEN');
      const count = sink.frameTimes.length;
      await sink.until(({ frameTimes }) => frameTimes.length > count + 5, 2_000);
      assert.equal(sink.faults.length, 1);
    });
  });

  it('that is black is reported black', missing('gst-launch-1.0'), async () => {
    await watching('test:?pattern=black&health=on', async (sink) => {
      await sink.until(({ faults }) => faults.length === 1, 5_000);
      assert.equal(sink.faults[0]?.code, 'PORTICO_CAMERA_BLACK');
    });
  });

  it('with noise in one corner is well', missing('gst-launch-1.0'), async () => {
    await watching('test:?pattern=smpte&health=on', async (sink) => {
      await sink.until(({ frameTimes }) => frameTimes.length > 100, 6_000);
      assert.deepEqual(sink.faults, []);
    });
  });
});

/** Colour of a pixel, in steps that no codec can blur. */
function colourAt(rgb: Uint8Array, xPx: number, yPx: number): string {
  const at = (yPx * SIZE.widthPx + xPx) * 3;
  return [...rgb.subarray(at, at + 3)].map((value) => (value > 127 ? 1 : 0)).join('');
}

describe('a picture of another aspect', () => {
  const clip = join(folder, 'wide.mp4');
  const onlyGstreamer = linkPrograms(folder, 'gst-launch-1.0', 'setpriv');
  const needed = missing('ffmpeg', 'gst-launch-1.0');
  before(() => {
    if (needed.skip !== undefined) return;
    const source = ['-f', 'lavfi', '-i', 'color=blue:size=640x160:rate=10:duration=3'];
    const output = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', clip];
    execFileSync('ffmpeg', ['-hide_banner', '-loglevel', 'error', ...source, ...output]);
  });

  for (const [program, options] of [
    ['ffmpeg', {}],
    ['GStreamer', { searchPath: onlyGstreamer }],
  ] as const) {
    it(`is bordered, not stretched, by ${program}`, needed, async () => {
      const camera = await make(`file:${clip}`, options);
      const sink = new ProbeSink(SIZE);
      await camera.open(sink);
      const frame = sink.newest();
      await camera.close();
      // 640x160 in 320x240: eighty rows of picture between eighty rows of border.
      const rows = [10, 70, 90, 120, 150, 170, 230];
      assert.deepEqual(
        rows.map((yPx) => colourAt(frame, 160, yPx)),
        ['000', '000', '001', '001', '001', '000', '000'],
      );
    });
  }
});

describe('a folder of pictures', () => {
  const pictures = join(folder, 'pictures');
  before(async () => {
    mkdirSync(pictures);
    await flat(100, 100, '#ff0000').png().toFile(join(pictures, 'p2.png'));
    await flat(400, 100, '#0000ff').jpeg({ quality: 100 }).toFile(join(pictures, 'p10.jpg'));
    writeFileSync(join(pictures, 'p3.jpg'), 'no picture at all');
    writeFileSync(join(pictures, 'notes.txt'), 'not a picture');
  });

  it('is shown in the order of its numbers, bordered, without what cannot be read', async () => {
    const logger = new RecordingLogger();
    const camera = await make(`dir:${pictures}?fps=10`, { logger });
    const sink = new ProbeSink(SIZE);
    await camera.open(sink);
    const square = sink.newest();
    await sink.until(({ frameTimes }) => frameTimes.length === 2, 2_000);
    const wide = sink.newest();
    await sink.until(({ faults }) => faults.length === 1, 2_000);
    await camera.close();
    // Square in a 4:3 frame: borders left and right. Wide: above and below.
    assert.deepEqual(
      [colourAt(square, 10, 120), colourAt(square, 160, 120), colourAt(square, 310, 120)],
      ['000', '100', '000'],
    );
    assert.deepEqual(
      [colourAt(wide, 160, 10), colourAt(wide, 160, 120), colourAt(wide, 160, 230)],
      ['000', '001', '000'],
    );
    assert.match(sink.faults[0]?.message ?? '', /has ended/);
    assert.equal(sink.faults[0]?.transient, false);
    const skipped = logger.records.filter(
      ({ fields }) => fields.event === 'camera.picture-skipped',
    );
    assert.equal(skipped.length, 1);
  });

  it('is refused when none of its pictures can be read', async () => {
    const broken = join(folder, 'broken');
    mkdirSync(broken);
    copyFileSync(join(pictures, 'p3.jpg'), join(broken, 'a.jpg'));
    const camera = await make(`dir:${broken}?loop=1`);
    await assert.rejects(camera.open(new ProbeSink(SIZE)), /none of its pictures can be decoded/);
  });

  it('is refused when there is no picture in it', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const camera = await make(`dir:${empty}`);
    await assert.rejects(camera.open(new ProbeSink(SIZE)), /no picture in it/);
  });
});
