import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedRelay } from '../../../../device/relay/simulated-relay.ts';
import { FakeClock } from '../../../helpers/fake-clock.ts';

describe('SimulatedRelay', () => {
  it('remembers its pulses with their times', async () => {
    const clock = new FakeClock();
    const relay = new SimulatedRelay({ clock, maxPulseMs: 5_000 });
    const firstMs = clock.now();
    await relay.pulse(3_000);
    await clock.advance(10_000);
    await relay.pulse(1_000);
    assert.deepEqual(relay.pulses, [
      { atMs: firstMs, durationMs: 3_000 },
      { atMs: firstMs + 10_000, durationMs: 1_000 },
    ]);
  });

  it('ends its pulse to the millisecond', async () => {
    const clock = new FakeClock();
    const relay = new SimulatedRelay({ clock, maxPulseMs: 5_000 });
    await relay.pulse(3_000);
    await clock.advance(2_999);
    assert.equal(await relay.state(), 'energised');
    await clock.advance(1);
    assert.equal(await relay.state(), 'released');
  });

  it('fails as often as it is told to, released', async () => {
    const relay = new SimulatedRelay({ clock: new FakeClock(), maxPulseMs: 5_000 });
    relay.failNext(2);
    await assert.rejects(relay.pulse(100), { code: 'PORTICO_RELAY_WRITE' });
    await assert.rejects(relay.pulse(100), { code: 'PORTICO_RELAY_WRITE' });
    assert.equal(await relay.state(), 'released');
    await relay.pulse(100);
    assert.equal(relay.pulses.length, 1);
  });

  it('refuses more than half of a minute', async () => {
    const clock = new FakeClock();
    const relay = new SimulatedRelay({ clock, maxPulseMs: 10_000 });
    for (let count = 0; count < 3; count += 1) {
      await relay.pulse(10_000);
      await clock.advance(10_000);
    }
    await assert.rejects(relay.pulse(1_000), { code: 'PORTICO_RELAY_REFUSED' });
  });
});
