import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { CodeGuard } from '../../../src/home-assistant/code-guard.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';

const CODE = 'correct-horse';
const LIMIT = { most: 3, windowMs: 60_000 };

describe('the guard of a code', () => {
  it('knows the code and nothing else', () => {
    fc.assert(
      fc.property(fc.string(), (guess) => {
        const guard = new CodeGuard(CODE, new FakeClock());
        assert.equal(guard.check(guess), guess === CODE ? 'right' : 'wrong');
        assert.equal(guard.check(CODE), 'right');
      }),
    );
  });

  it('stops comparing after some wrong ones, the right code included', () => {
    const guard = new CodeGuard(CODE, new FakeClock(), LIMIT);
    const verdicts = ['a', 'b', 'c', 'd', CODE].map((code) => guard.check(code));
    assert.deepEqual(verdicts, ['wrong', 'wrong', 'blocked-now', 'blocked', 'blocked']);
  });

  it('goes on when the oldest guess is out of the window', async () => {
    const clock = new FakeClock();
    const guard = new CodeGuard(CODE, clock, LIMIT);
    guard.check('a');
    await clock.advance(30_000);
    guard.check('b');
    guard.check('c');
    await clock.advance(30_000);
    assert.equal(guard.check(CODE), 'right');
    assert.equal(guard.check('d'), 'blocked-now');
  });

  it('forgives nothing for a right code in between', () => {
    const guard = new CodeGuard(CODE, new FakeClock(), LIMIT);
    const verdicts = ['a', CODE, 'b', CODE, 'c', CODE].map((code) => guard.check(code));
    assert.deepEqual(verdicts, ['wrong', 'right', 'wrong', 'right', 'blocked-now', 'blocked']);
  });
});
