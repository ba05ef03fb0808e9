import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { maximiseUnit } from '../../../../src/art/units/maximise-unit.ts';
import { UNIT_PORTS } from '../../../../src/art/units/unit-net.ts';

/** A unit that likes red and dislikes blue, everywhere alike. */
const likesRed = (pixels: Float32Array): ReadonlyMap<string, Float32Array> => {
  const area = pixels.length / 3;
  const sign = (index: number): number => 1 - Math.floor(index / area);
  return new Map([
    [
      UNIT_PORTS.response,
      Float32Array.of(pixels.reduce((sum, v, i) => sum + v * sign(i), 0) / area),
    ],
    [UNIT_PORTS.gradient, pixels.map((_, index) => sign(index) / area)],
  ]);
};
const SETTINGS = { longSidePx: 24, steps: 60, seed: 1 };

describe('the picture that excites a unit', () => {
  it('becomes what the unit likes, at the size that was asked for', async () => {
    const responses: number[] = [];
    const picture = await maximiseUnit(SETTINGS, {
      open: () =>
        Promise.resolve({
          run: (feeds) => Promise.resolve(likesRed(feeds[UNIT_PORTS.pixels]!)),
          close: () => Promise.resolve(),
        }),
      onStep: (_share, response) => responses.push(response),
    });
    assert.deepEqual([picture.widthPx, picture.heightPx], [24, 24]);
    const mean = (plane: number): number =>
      picture.planes.subarray(plane * 576, (plane + 1) * 576).reduce((a, b) => a + b, 0) / 576;
    assert.ok(mean(0) > 0.8 && Math.abs(mean(1) - 0.5) < 0.1 && mean(2) < 0.2);
    assert.ok(responses.at(-1)! > responses[0]! + 0.5);
  });

  it('is looked for further when the unit says nothing at first', async () => {
    let runs = 0;
    const picture = await maximiseUnit(SETTINGS, {
      open: () =>
        Promise.resolve({
          run: (feeds) => {
            const pixels = feeds[UNIT_PORTS.pixels]!;
            runs += 1;
            const isDeaf = runs < 4;
            const silence = new Map([
              [UNIT_PORTS.response, Float32Array.of(0)],
              [UNIT_PORTS.gradient, new Float32Array(pixels.length)],
            ]);
            return Promise.resolve(isDeaf ? silence : likesRed(pixels));
          },
          close: () => Promise.resolve(),
        }),
    });
    assert.ok(picture.planes.every((value) => value >= 0 && value <= 1));
    assert.ok(picture.planes[0]! > 0.7);
  });

  it('closes what it opened when it is stopped', async () => {
    const abort = new AbortController();
    let open = 0;
    await maximiseUnit(SETTINGS, {
      open: () => {
        open += 1;
        return Promise.resolve({
          run: (feeds) => {
            abort.abort();
            return Promise.resolve(likesRed(feeds[UNIT_PORTS.pixels]!));
          },
          close: () => {
            open -= 1;
            return Promise.resolve();
          },
        });
      },
      signal: abort.signal,
    });
    assert.equal(open, 0);
  });
});
