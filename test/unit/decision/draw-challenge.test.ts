import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { drawChallenge } from '../../../src/decision/draw-challenge.ts';
import { CHALLENGE_CHANCE, CHALLENGE_STEPS } from '../../../src/domain/challenge.ts';
import { seededRandom } from '../../../src/numeric/random.ts';

const DRAWS = 16_000;

/** What a recording must have foreseen: where to turn, and where not to. */
const turnsOf = (actions: readonly string[]): string =>
  actions.map((action) => (action.startsWith('turn') ? action : 'no turn')).join();

describe('drawChallenge', () => {
  const random = seededRandom(11);
  const drawn = Array.from({ length: DRAWS }, () => drawChallenge(random));

  it('asks for as many things as the law counts on, a turn among them, none twice in a row', () => {
    for (const actions of drawn) {
      assert.equal(actions.length, CHALLENGE_STEPS);
      assert.ok(actions.some((action) => action.startsWith('turn')));
      assert.ok(actions.every((action, step) => action !== actions[step - 1]));
      const others = actions.filter((action) => !action.startsWith('turn'));
      assert.equal(new Set(others).size, others.length);
    }
  });

  it('is answered by the best recording no more often than the law says', () => {
    const counts = new Map<string, number>();
    for (const actions of drawn) {
      const turns = turnsOf(actions);
      counts.set(turns, (counts.get(turns) ?? 0) + 1);
    }
    assert.equal(counts.size, 1 / CHALLENGE_CHANCE);
    const expected = DRAWS * CHALLENGE_CHANCE;
    const likeliest = Math.max(...counts.values());
    assert.ok(likeliest < expected + 5 * Math.sqrt(expected), `${likeliest} of ${DRAWS}`);
  });

  it('draws anything at all from a source that is stuck', () => {
    for (const value of [0, 0.5, 1 - Number.EPSILON]) {
      assert.equal(drawChallenge(() => value).length, CHALLENGE_STEPS);
    }
  });
});
