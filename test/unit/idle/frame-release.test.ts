import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Observation } from '../../../src/domain/observation.ts';
import { monotonicMs } from '../../../src/domain/units.ts';
import { FrameRelease, type FrameRule } from '../../../src/idle/gate/frame-release.ts';

const SIZE = { widthPx: 2, heightPx: 2 };

function seen(sequence: number, faceCount: number): Observation {
  return {
    sequence,
    faceCount,
    capturedAtMs: monotonicMs(sequence),
    hasRival: false,
    subject: undefined,
    timings: {},
  };
}

describe('release of frames', () => {
  let newest = 0;
  let given: number[];
  let refused: number;
  let finishWriting: () => void = () => undefined;

  beforeEach(() => {
    newest = 0;
    given = [];
    refused = 0;
  });

  const releaseUnder = (rule: FrameRule): FrameRelease =>
    new FrameRelease({
      rule,
      size: SIZE,
      copyNewest: (into) => {
        into.fill(newest);
        return { sequence: newest };
      },
    });
  const request = (release: FrameRelease): void =>
    release.request(
      (_size, rgb, onWritten) => {
        given.push(rgb[0]!);
        finishWriting = onWritten;
      },
      () => {
        refused += 1;
      },
    );

  it('gives none where none may leave', () => {
    const release = releaseUnder('none');
    release.observe(seen(1, 0));
    request(release);
    assert.deepEqual([given, refused], [[], 1]);
  });

  it('gives any where any may leave, one at a time', () => {
    const release = releaseUnder('every');
    newest = 3;
    request(release);
    request(release);
    assert.deepEqual([given, refused], [[3], 1]);
    finishWriting();
    request(release);
    assert.deepEqual(given, [3, 3]);
  });

  describe('without faces', () => {
    it('gives a frame once what was seen in it or after it is known to be empty', () => {
      const release = releaseUnder('without-faces');
      release.observe(seen(4, 0));
      newest = 6;
      request(release);
      release.observe(seen(5, 0));
      assert.deepEqual(given, [], 'vision has not come to it yet');
      release.observe(seen(7, 0));
      assert.deepEqual(given, [6]);
    });

    it('gives none before anything was seen', () => {
      request(releaseUnder('without-faces'));
      assert.deepEqual([given, refused], [[], 1]);
    });

    it('gives none while a face is there', () => {
      const release = releaseUnder('without-faces');
      release.observe(seen(1, 1));
      request(release);
      assert.deepEqual([given, refused], [[], 1]);
    });

    for (const [when, observation] of [
      ['in the frame', seen(6, 1)],
      ['after the frame', seen(9, 1)],
      ['in a frame before it that vision was still at', seen(5, 1)],
      ['perhaps, because vision failed', undefined],
    ] as const) {
      it(`drops a frame when a face was there ${when}`, () => {
        const release = releaseUnder('without-faces');
        release.observe(seen(4, 0));
        newest = 6;
        request(release);
        release.observe(observation);
        release.observe(seen(10, 0));
        assert.deepEqual([given, refused], [[], 1]);
      });
    }
  });
});
