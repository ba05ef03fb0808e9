import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { peopleDisjointFolds } from '../../../src/evaluation/people-disjoint-folds.ts';
import { personOf } from '../../../src/evaluation/people-graph.ts';

const pairOf = (left: number, right: number) => ({
  left: `p${left}/1.jpg`,
  right: `p${right}/2.jpg`,
  mated: left === right,
});
const lists = fc.array(
  fc
    .tuple(fc.nat(200), fc.nat(200), fc.boolean())
    .map(([left, right, mated]) => pairOf(left, mated ? left : right)),
  { minLength: 40, maxLength: 150 },
);

describe('peopleDisjointFolds', () => {
  it('keeps every person in one fold whenever it says so', () => {
    fc.assert(
      fc.property(lists, (pairs) => {
        const { foldOf, peopleDisjoint } = peopleDisjointFolds(pairs, 10);
        if (!peopleDisjoint) return;
        const home = new Map<string, number>();
        for (const [index, { left, right }] of pairs.entries()) {
          for (const person of [personOf(left), personOf(right)]) {
            assert.equal(home.get(person) ?? foldOf[index], foldOf[index]);
            home.set(person, foldOf[index]!);
          }
        }
      }),
    );
  });

  it('balances mated and non-mated pairs when people allow it', () => {
    const pairs = Array.from({ length: 200 }, (_, index) =>
      index % 2 === 0 ? pairOf(index, index) : pairOf(1000 + index, 2000 + index),
    );
    const { foldOf, peopleDisjoint } = peopleDisjointFolds(pairs, 10);
    assert.ok(peopleDisjoint);
    for (let fold = 0; fold < 10; fold += 1) {
      const members = pairs.filter((_, index) => foldOf[index] === fold);
      assert.equal(members.length, 20);
      assert.equal(members.filter(({ mated }) => mated).length, 10);
    }
  });

  it('admits that one person compared with everybody stands in several folds', () => {
    const pairs = Array.from({ length: 100 }, (_, index) => pairOf(0, index));
    const { foldOf, peopleDisjoint } = peopleDisjointFolds(pairs, 10);
    assert.equal(peopleDisjoint, false);
    assert.equal(new Set(foldOf).size, 10);
  });
});

describe('personOf', () => {
  it('is the folder of the picture, or the picture where there is none', () => {
    assert.equal(personOf('a/b/c.jpg'), 'a/b');
    assert.equal(personOf('c.jpg'), 'c.jpg');
  });
});
