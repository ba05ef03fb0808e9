import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StrongestPatches } from '../../../../src/art/units/strongest-patches.ts';
import type { RgbImage } from '../../../../src/numeric/sample-image.ts';

const PLACES = { widthPx: 4, heightPx: 4 };
const field = (first: number, last: number) => ({
  down: { jump: 2, first, last },
  across: { jump: 2, first, last },
});

/** 8 x 8 pixels; the red of each is its number. */
function numbered(): RgbImage {
  const rgb = new Uint8Array(8 * 8 * 3);
  for (let pixel = 0; pixel < 64; pixel += 1) rgb[3 * pixel] = pixel;
  return { rgb, widthPx: 8, heightPx: 8 };
}

const reds = ({ rgb }: RgbImage): readonly number[] =>
  Array.from({ length: rgb.length / 3 }, (_, pixel) => rgb[3 * pixel]!);

/** One unit that answers at one place. */
function answerAt(place: number, response: number): Float32Array {
  const features = new Float32Array(16);
  features[place] = response;
  return features;
}

describe('strongest patches', () => {
  it('are what the place of the strongest answer sees', () => {
    const patches = new StrongestPatches({ field: field(0, 1), units: 1, places: PLACES, keep: 9 });
    patches.look('a', numbered(), answerAt(4 + 2, 3));
    const [patch] = patches.of(0);
    assert.deepEqual(reds(patch!.image), [20, 21, 28, 29]);
    assert.deepEqual([patch?.photo, patch?.response], ['a', 3]);
  });

  it('are kept strongest first, so many and no more, one of a photograph', () => {
    const patches = new StrongestPatches({ field: field(0, 1), units: 1, places: PLACES, keep: 2 });
    for (const [photo, response] of [
      ['a', 1],
      ['b', 5],
      ['c', 3],
      ['d', 0],
    ] as const) {
      patches.look(photo, numbered(), answerAt(5, response));
    }
    assert.deepEqual(
      patches.of(0).map(({ photo }) => photo),
      ['b', 'c'],
    );
  });

  it('lie inside the photograph where that is possible', () => {
    const patches = new StrongestPatches({
      field: field(-1, 2),
      units: 1,
      places: PLACES,
      keep: 1,
    });
    const features = answerAt(0, 9);
    features[5] = 1;
    patches.look('a', numbered(), features);
    assert.equal(patches.of(0)[0]?.response, 1);
    assert.equal(patches.of(0)[0]?.image.widthPx, 4);
  });

  it('show grey beyond the border of a photograph that is smaller than the field', () => {
    const patches = new StrongestPatches({
      field: field(-6, 6),
      units: 1,
      places: PLACES,
      keep: 1,
    });
    patches.look('a', numbered(), answerAt(0, 1));
    const image = patches.of(0)[0]!.image;
    assert.deepEqual([image.widthPx, image.heightPx], [13, 13]);
    assert.deepEqual([...image.rgb.subarray(0, 3)], [40, 40, 40]);
    assert.equal(reds(image)[6 * 13 + 6], 0, 'the first pixel');
  });

  it('tell which units tell photographs apart', () => {
    const patches = new StrongestPatches({ field: field(0, 1), units: 3, places: PLACES, keep: 1 });
    const say = (photo: string, ...responses: readonly number[]): void => {
      const features = Float32Array.from(responses.flatMap((r) => [...answerAt(5, r)]));
      patches.look(photo, numbered(), features);
    };
    say('a', 5, 9, 0);
    say('b', 5, 0, 0);
    assert.deepEqual(patches.mostSelective(2), [1, 0]);
  });
});
