import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { EvaluationError } from '../../../src/domain/errors.ts';
import { padTrack } from '../../../src/evaluation/pad-analysed-frames.ts';
import { padExample } from '../../../src/evaluation/pad-examples.ts';
import { padKeyFrames, padSamples } from '../../../src/evaluation/pad-samples.ts';
import { readPadTracks } from '../../../src/evaluation/pad-tracks.ts';
import { syntheticTrack } from '../../helpers/pad-tracks.ts';

const TRACK = syntheticTrack({ clip: 'c1', person: 'p1', species: 'print', seed: 1, frames: 3 });

describe('readPadTracks', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portico-pad-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const fileOf = async (name: string, content: string | Uint8Array): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  const faultOf = async (content: string): Promise<string> => {
    const fault = await readPadTracks(await fileOf('faulty.jsonl', content)).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(fault instanceof EvaluationError && fault.code === 'PORTICO_EVALUATION_DATA');
    return fault.message;
  };

  it('reads gzipped and plain lines, and skips empty ones', async () => {
    const text = `${JSON.stringify(TRACK)}\n\n${JSON.stringify({ ...TRACK, clip: 'c2' })}\n`;
    for (const path of [
      await fileOf('a.jsonl', text),
      await fileOf('a.jsonl.gz', gzipSync(text)),
    ]) {
      const tracks = await readPadTracks(path);
      assert.deepEqual(
        tracks.map(({ clip }) => clip),
        ['c1', 'c2'],
      );
      assert.deepEqual(tracks[0], TRACK);
    }
  });

  it('names the line that is not a track', async () => {
    const good = JSON.stringify(TRACK);
    assert.match(await faultOf(`${good}\n{"clip":`), /line 2: it is not JSON/);
    assert.match(
      await faultOf(`${good}\n${JSON.stringify({ ...TRACK, frames: [] })}`),
      /line 2: .*frames/s,
    );
    const [frame] = TRACK.frames;
    const short = { ...TRACK, frames: [{ ...frame, mesh: frame?.mesh.slice(1) }] };
    assert.match(await faultOf(JSON.stringify(short)), /468 pairs/);
  });

  it('refuses a label that its species contradicts', async () => {
    assert.match(
      await faultOf(JSON.stringify({ ...TRACK, label: 'bona-fide' })),
      /contradict each other/,
    );
  });

  it('says so when there is no such file, or it is not gzipped as its name says', async () => {
    for (const path of [join(folder, 'none.gz'), await fileOf('not.gz', 'text')]) {
      await assert.rejects(readPadTracks(path), (fault) => fault instanceof EvaluationError);
    }
  });
});

describe('padSamples', () => {
  it('starts time at the first frame, at 25 frames a second', () => {
    assert.deepEqual(
      padSamples(TRACK).map(({ capturedAtMs }) => capturedAtMs),
      [0, 760, 1_520],
    );
  });

  it('hands the two crops to the right cues', () => {
    const [sample] = padSamples(TRACK);
    assert.deepEqual(sample?.passive?.tight, TRACK.frames[0]?.pad.bgr2);
    assert.deepEqual(sample?.passive?.wide, TRACK.frames[0]?.pad['bgr2.7']);
  });
});

describe('padKeyFrames', () => {
  it('gives clips of both cadences of the collection as many key frames in the same time', () => {
    const slow = syntheticTrack({ ...TRACK, seed: 1, step: 20, frames: 14 });
    const fast = syntheticTrack({ ...TRACK, seed: 1, step: 12.5, frames: 22 });
    const within10s = (track: typeof TRACK) =>
      padKeyFrames(track, 750).filter(({ capturedAtMs }) => capturedAtMs <= 10_000).length;
    assert.equal(within10s(slow), 13);
    assert.ok(Math.abs(within10s(fast) - 13) <= 1);
  });

  it('never makes a window longer than the clip, nor looks past the longest horizon', () => {
    const { windows, keyFrameTimesMs } = padExample(TRACK);
    assert.deepEqual([...windows.keys()], [2, 3]);
    assert.equal(keyFrameTimesMs.length, 3);
    const long = padExample(syntheticTrack({ ...TRACK, seed: 1, frames: 40 }));
    assert.equal(long.keyFrameTimesMs.length, 13);
  });
});

describe('padTrack', () => {
  it('turns analysed frames into what a tracks file holds', () => {
    const samples = padSamples(TRACK);
    const rebuilt = padTrack(
      TRACK,
      samples.map((sample, index) => ({
        frame: TRACK.frames[index]?.frame ?? 0,
        detectorScore: sample.detectorScore,
        box: sample.box,
        mesh: { points: sample.mesh, confidence: 1 },
        passive: { ...sample.passive!, antispoof: sample.passive?.antispoof ?? 0 },
      })),
    );
    assert.equal(rebuilt.label, 'attack');
    assert.deepEqual(padSamples(rebuilt), samples);
  });
});
