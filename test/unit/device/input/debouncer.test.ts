import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Debouncer } from '../../../../device/input/debouncer.ts';
import { FakeClock } from '../../../helpers/fake-clock.ts';

function aDebouncer(initial = false) {
  const clock = new FakeClock();
  const changes: boolean[] = [];
  const debouncer = new Debouncer({
    clock,
    settleMs: 30,
    initial,
    onChange: (isActive) => changes.push(isActive),
  });
  return { clock, changes, debouncer };
}

describe('Debouncer', () => {
  it('believes a level that stands still', async () => {
    const { clock, changes, debouncer } = aDebouncer();
    debouncer.edge(true);
    await clock.advance(29);
    assert.deepEqual(changes, []);
    await clock.advance(1);
    assert.deepEqual(changes, [true]);
  });

  it('makes one change of a bouncing contact, counted from the last bounce', async () => {
    const { clock, changes, debouncer } = aDebouncer();
    for (const isActive of [true, false, true, false, true]) {
      debouncer.edge(isActive);
      await clock.advance(5);
    }
    await clock.advance(24);
    assert.deepEqual(changes, []);
    await clock.advance(1);
    assert.deepEqual(changes, [true]);
  });

  it('ignores a spark', async () => {
    const { clock, changes, debouncer } = aDebouncer(true);
    debouncer.edge(false);
    await clock.advance(3);
    debouncer.edge(true);
    await clock.advance(1_000);
    assert.deepEqual(changes, []);
    assert.equal(clock.pendingTimers, 0);
  });

  it('says nothing after it was stopped', async () => {
    const { clock, changes, debouncer } = aDebouncer();
    debouncer.edge(true);
    debouncer.stop();
    await clock.advance(1_000);
    assert.deepEqual(changes, []);
  });
});
