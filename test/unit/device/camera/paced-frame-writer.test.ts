import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type FillResult, PacedFrameWriter } from '../../../../device/camera/paced-frame-writer.ts';
import { FakeClock } from '../../../helpers/fake-clock.ts';

function writing(framesPerSecond: number, fill: (tick: number) => FillResult) {
  const clock = new FakeClock();
  const startMs = clock.now();
  const commits: number[] = [];
  let begun = 0;
  let ends = 0;
  const writer = new PacedFrameWriter({
    clock,
    framesPerSecond,
    sink: {
      beginFrame: () => {
        begun += 1;
        return new Uint8Array(1);
      },
      commitFrame: (atMs) => commits.push(Math.round(atMs - startMs)),
    },
    fill: (_target, tick) => fill(tick),
    onEnd: () => {
      ends += 1;
    },
  });
  return { clock, writer, commits, begun: () => begun, ends: () => ends };
}

describe('PacedFrameWriter', () => {
  it('writes thirty frames a second for a minute without drift', async () => {
    const { clock, writer, commits } = writing(30, () => 'filled');
    await clock.advance(60_010);
    writer.stop();
    assert.equal(commits.length, 1_801);
    assert.deepEqual([commits[0], commits[30], commits[1_800]], [0, 1_000, 60_000]);
  });

  it('lets a tick pass when no picture is ready, and keeps the buffer for the next', async () => {
    const { clock, writer, commits, begun } = writing(10, (tick) =>
      tick === 1 ? 'late' : 'filled',
    );
    await clock.advance(300);
    writer.stop();
    assert.deepEqual(commits, [0, 200, 300]);
    assert.equal(begun(), 3);
  });

  it('leaves out the ticks that a blocked event loop missed', async () => {
    const ticks: number[] = [];
    const { clock, writer } = writing(10, (tick) => {
      ticks.push(tick);
      return 'filled';
    });
    await clock.advance(0);
    const { now } = clock;
    // The next timer fires half a second late.
    clock.now = () => (now.call(clock) + 450) as ReturnType<typeof now>;
    await clock.advance(100);
    clock.now = now;
    await clock.advance(500);
    writer.stop();
    assert.deepEqual(ticks, [0, 1, 6]);
  });

  it('ends once, and is silent afterwards', async () => {
    const { clock, commits, ends } = writing(10, (tick) => (tick < 2 ? 'filled' : 'end'));
    await clock.advance(5_000);
    assert.equal(commits.length, 2);
    assert.equal(ends(), 1);
    assert.equal(clock.pendingTimers, 0);
  });

  it('writes nothing after stop', async () => {
    const { clock, writer, commits } = writing(10, () => 'filled');
    writer.stop();
    await clock.advance(1_000);
    assert.deepEqual(commits, []);
  });
});
