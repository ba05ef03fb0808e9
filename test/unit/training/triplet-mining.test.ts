import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '../../../src/numeric/random.ts';
import { MINING, mineTriplets } from '../../../src/training/triplet-mining.ts';

const at = (degrees: number): Float32Array =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));

describe('mineTriplets', () => {
  // Anchor 0 at 0 degrees; its positives at 5 and 40; negatives at 20, 50 and 170.
  const people = ['ann', 'ann', 'ann', 'bob', 'bob', 'cyd'];
  const rows = [0, 5, 40, 20, 50, 170].map(at);
  const random = () => 0;

  it('batch-hard takes the farthest positive and the nearest negative', () => {
    const [first] = mineTriplets({ people, rows, margin: 0.2 }, 'batch-hard', random);
    assert.deepEqual(first, { anchor: 0, positive: 2, negative: 3 });
  });

  it('semi-hard takes a negative that is farther away than the positive, but not by the margin', () => {
    const [first] = mineTriplets({ people, rows, margin: 0.2 }, 'semi-hard', random);
    assert.deepEqual(first, { anchor: 0, positive: 1, negative: 3 });
  });

  it('semi-hard falls back on the nearest that is farther', () => {
    const [first] = mineTriplets({ people, rows, margin: 0.01 }, 'semi-hard', () => 0.99);
    assert.deepEqual(first, { anchor: 0, positive: 2, negative: 4 });
  });

  it('leaves out who has no other picture', () => {
    const triplets = mineTriplets({ people, rows, margin: 0.2 }, 'random', random);
    assert.deepEqual(
      triplets.map(({ anchor }) => anchor),
      [0, 1, 2, 3, 4],
    );
  });

  it('always pairs the same person with themselves in another picture, and with somebody else', () => {
    const batches = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ max: 359 })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(batches, fc.constantFrom(...MINING), fc.integer(), (batch, mining, seed) => {
        const names = batch.map(([name]) => name);
        const vectors = batch.map(([, degrees]) => at(degrees));
        const given = { people: names, rows: vectors, margin: 0.2 };
        for (const { anchor, positive, negative } of mineTriplets(
          given,
          mining,
          seededRandom(seed),
        )) {
          assert.notEqual(anchor, positive);
          assert.equal(names[anchor], names[positive]);
          assert.notEqual(names[anchor], names[negative]);
        }
      }),
    );
  });
});
