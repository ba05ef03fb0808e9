import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Timeline } from '../../bench/timeline.ts';

const seen = (...lines: readonly object[]): Timeline => {
  const timeline = new Timeline();
  for (const line of lines) timeline.accept(JSON.stringify(line));
  return timeline;
};

describe("the bench's timeline", () => {
  it('tells every release of the strike, and the one that lasts', () => {
    const timeline = seen(
      { atS: 1, strike: 0 },
      { atS: 2, strike: 1 },
      { atS: 3, gate: null },
      { atS: 5, strike: 0 },
      { atS: 7, strike: 1 },
    );
    assert.deepEqual(timeline.pulses(0), [
      { onS: 2, offS: 5 },
      { onS: 7, offS: undefined },
    ]);
  });

  it('takes a chip that vanishes for the end of a pulse', () => {
    const timeline = seen({ atS: 1, strike: 1 }, { atS: 2, strike: null });
    assert.deepEqual(timeline.pulses(0), [{ onS: 1, offS: 2 }]);
  });

  it('waits for what holds after a moment, and not for what held before', async () => {
    const timeline = seen({ atS: 1, strike: 1 }, { atS: 2, strike: 0 }, { atS: 4, strike: 1 });
    const isOn = ({ strike }: { readonly strike: unknown }): boolean => strike === 1;
    assert.equal(await timeline.until('on', isOn, { fromS: 1.5, withinS: 9 }), 4);
  });

  it('does not take what held until a moment for what holds from then on', async () => {
    const timeline = seen({ atS: 1, strike: 1 }, { atS: 2, strike: 0 }, { atS: 2, gate: null });
    const isThere = ({ gate }: { readonly gate: unknown }): boolean => gate === undefined;
    await assert.rejects(
      Promise.all([
        timeline.until('the gate', isThere, { fromS: 2, withinS: 1 }),
        Promise.resolve(timeline.accept(JSON.stringify({ atS: 4, alive: true }))),
      ]),
      /the gate: not within/,
    );
    assert.deepEqual(timeline.pulses(0), [{ onS: 1, offS: 2 }]);
  });

  it('gives up by the clock of the machine, and says what it saw last', async () => {
    const timeline = seen({ atS: 1, strike: 0 }, { atS: 20, alive: true });
    const never = timeline.until('the strike', () => false, { fromS: 1, withinS: 10 });
    await assert.rejects(never, /the strike: not within 10 s.*"strike":0/);
  });

  it('forgets all when the machine starts anew', () => {
    const timeline = seen({ atS: 1, strike: 1 });
    timeline.restart();
    assert.deepEqual([timeline.nowS, timeline.pulses(0)], [0, []]);
  });
});
