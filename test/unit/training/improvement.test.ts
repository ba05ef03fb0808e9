import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { normalDraw, seededRandom } from '../../../src/numeric/random.ts';
import { improvementOf } from '../../../src/training/improvement.ts';
import type { Sample } from '../../../src/training/tower.ts';

const random = seededRandom(2);
const people = Array.from({ length: 30 }, () =>
  Array.from({ length: 12 }, () => normalDraw(random)),
);

/** Four pictures of each person, all the less alike the more noise there is. */
const vectorsWith = (noise: number): readonly Float32Array[] =>
  people.flatMap((centre) =>
    Array.from({ length: 4 }, () => {
      const values = centre.map((value) => value + noise * normalDraw(random));
      const norm = Math.hypot(...values);
      return Float32Array.from(values, (value) => value / norm);
    }),
  );

const samples: readonly Sample[] = people.flatMap((_, person) =>
  Array.from({ length: 4 }, () => ({ person: `p${person}`, values: new Float32Array() })),
);

describe('improvementOf', () => {
  it('is certain of a large gain', () => {
    const vectors = { before: vectorsWith(1), after: vectorsWith(0.2) };
    const { isCertain, interval, tarBefore, tarAfter } = improvementOf(samples, vectors, 1e-2);
    assert.equal(isCertain, true);
    const gain = tarAfter - tarBefore;
    assert.ok(interval[0] < gain && gain < interval[1], `${interval} round ${gain}`);
  });

  it('is not certain of none, nor of a loss', () => {
    const same = vectorsWith(0.8);
    assert.equal(improvementOf(samples, { before: same, after: same }, 1e-2).isCertain, false);
    const worse = { before: vectorsWith(0.2), after: vectorsWith(1) };
    assert.equal(improvementOf(samples, worse, 1e-2).isCertain, false);
  });

  it('calls noise certain about as rarely as its interval says', () => {
    let certain = 0;
    for (let round = 0; round < 40; round += 1) {
      const vectors = { before: vectorsWith(0.8), after: vectorsWith(0.8) };
      if (improvementOf(samples, vectors, 1e-2).isCertain) certain += 1;
    }
    assert.ok(certain <= 4, `${certain} of 40`);
  });
});
