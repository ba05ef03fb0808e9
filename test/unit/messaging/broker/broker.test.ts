import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import mqttPacket from 'mqtt-packet';
import { FlowWindow } from '../../../../src/messaging/broker/flow-window.ts';
import { PacketSizeGuard } from '../../../../src/messaging/broker/packet-size-guard.ts';
import { RetryDelays } from '../../../../src/messaging/broker/retry-delays.ts';
import { seededRandom } from '../../../../src/numeric/random.ts';

const publish = (payloadBytes: number): Buffer =>
  mqttPacket.generate({
    cmd: 'publish',
    topic: 'a',
    payload: Buffer.alloc(payloadBytes),
    qos: 0,
    dup: false,
    retain: false,
  });

describe('PacketSizeGuard', () => {
  it('accepts any packets within the limit, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 }),
        (sizes, cuts) => {
          const stream = Buffer.concat(sizes.map(publish));
          const guard = new PacketSizeGuard(450);
          let at = 0;
          for (let index = 0; at < stream.length; index += 1) {
            const end = at + (cuts[index % cuts.length] ?? 1);
            assert.ok(guard.accepts(stream.subarray(at, end)));
            at = end;
          }
        },
      ),
    );
  });

  it('rejects a packet as soon as its length is known, before its content', () => {
    const guard = new PacketSizeGuard(1_000);
    assert.ok(guard.accepts(publish(500)));
    assert.equal(guard.accepts(publish(100_000_000).subarray(0, 5)), false);
  });

  it('rejects a length that is not one', () => {
    assert.equal(
      new PacketSizeGuard(1_000).accepts(Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff])),
      false,
    );
  });
});

describe('RetryDelays', () => {
  it('doubles up to the ceiling, between half and the whole, and begins anew after a reset', () => {
    const delays = new RetryDelays(500, 60_000, seededRandom(3));
    const drawn = Array.from({ length: 12 }, () => delays.next());
    for (const [index, delay] of drawn.entries()) {
      const full = Math.min(500 * 2 ** index, 60_000);
      assert.ok(delay >= full / 2 && delay <= full);
    }
    delays.reset();
    assert.ok(delays.next() <= 500);
  });

  it('draws differently for two gates', () => {
    const one = new RetryDelays(500, 60_000, seededRandom(1));
    const other = new RetryDelays(500, 60_000, seededRandom(2));
    assert.notEqual(one.next(), other.next());
  });
});

describe('FlowWindow', () => {
  it('lets no more than its size be under way, in order, and goes on after a failure', async () => {
    const window = new FlowWindow(2);
    const started: number[] = [];
    let underWay = 0;
    let most = 0;
    const jobs = [0, 1, 2, 3, 4, 5].map((job) =>
      window.run(async () => {
        started.push(job);
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        if (job === 2) throw new Error('lost');
        return job;
      }),
    );
    const results = await Promise.allSettled(jobs);
    assert.deepEqual(started, [0, 1, 2, 3, 4, 5]);
    assert.equal(most, 2);
    assert.deepEqual(
      results.map(({ status }) => status === 'fulfilled'),
      [true, true, false, true, true, true],
    );
  });

  it('rejects those that wait when the connection is gone', async () => {
    const window = new FlowWindow(1);
    let release: () => void = () => undefined;
    const first = window.run(() => new Promise<void>((resolve) => (release = resolve)));
    const second = window.run(() => Promise.resolve());
    window.rejectWaiting(new Error('gone'));
    await assert.rejects(second, /gone/);
    release();
    await first;
    await window.run(() => Promise.resolve());
  });
});
