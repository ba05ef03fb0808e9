import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../../src/numeric/random.ts';
import { byPerson, drawBatch, partPeople, shuffled } from '../../../src/training/batches.ts';
import type { Sample } from '../../../src/training/tower.ts';

const samplesOf = (counts: Readonly<Record<string, number>>): readonly Sample[] =>
  Object.entries(counts).flatMap(([person, count]) =>
    Array.from({ length: count }, (_, index) => ({ person, values: Float32Array.of(index) })),
  );

describe('partPeople', () => {
  it('puts nobody into both parts and loses no picture', () => {
    const samples = samplesOf({ ann: 3, bob: 2, cyd: 1, dan: 4 });
    const [first, second] = partPeople(samples, 0.5, seededRandom(3));
    const people = new Set(first.map(({ person }) => person));
    assert.ok(second.every(({ person }) => !people.has(person)));
    assert.equal(first.length + second.length, samples.length);
    assert.equal(byPerson(second).size, 2);
  });

  it('leaves somebody in each part, whatever the share', () => {
    for (const share of [0, 1]) {
      const parts = partPeople(samplesOf({ ann: 1, bob: 1 }), share, seededRandom(1));
      assert.deepEqual(
        parts.map(({ length }) => length),
        [1, 1],
      );
    }
  });
});

describe('drawBatch', () => {
  it('gives everybody as many rows, and never draws who has one picture', () => {
    const people = byPerson(samplesOf({ ann: 5, bob: 2, cyd: 1 }));
    const batch = drawBatch(people, { people: 2, picturesEach: 4 }, seededRandom(1));
    const names = batch.map(({ person }) => person).sort();
    assert.deepEqual(names, [...Array(4).fill('ann'), ...Array(4).fill('bob')]);
  });

  it('takes different pictures as long as there are some', () => {
    const people = byPerson(samplesOf({ ann: 4, bob: 4 }));
    const batch = drawBatch(people, { people: 2, picturesEach: 4 }, seededRandom(1));
    assert.equal(new Set(batch).size, 8);
  });
});

describe('shuffled', () => {
  it('keeps every item once and the given array as it is', () => {
    const items = [1, 2, 3, 4, 5];
    const mixed = shuffled(items, seededRandom(2));
    assert.deepEqual([...mixed].sort(), items);
    assert.notDeepEqual(mixed, items);
  });
});
