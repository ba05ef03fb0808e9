import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Strike } from '../../../src/access/strike.ts';
import { POLICY } from '../../helpers/door-stand.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { ScriptedRelay } from '../../helpers/scripted-relay.ts';

function aStrike(): { readonly relay: ScriptedRelay; readonly strike: Strike } {
  const clock = new FakeClock();
  const relay = new ScriptedRelay(clock);
  const ignore = (): void => {};
  const listener = {
    onChange: ignore,
    onFault: ignore,
    onRecovery: ignore,
    onNotRelocked: ignore,
  };
  return { relay, strike: new Strike({ relay, clock, policy: POLICY, listener }) };
}

describe('strike', () => {
  it('takes no pulse before it knows that the relay is released', async () => {
    const { relay, strike } = aStrike();
    assert.deepEqual(await strike.pulse(1_000), { outcome: 'refused', state: 'fault' });
    await strike.start();
    assert.equal((await strike.pulse(1_000)).outcome, 'energised');
    assert.equal(relay.pulses, 1);
  });

  it('leaves a closed relay alone', async () => {
    const { relay, strike } = aStrike();
    await strike.start();
    await strike.close();
    const calls = relay.calls.length;
    await strike.secure();
    assert.deepEqual(await strike.pulse(1_000), { outcome: 'refused', state: 'closed' });
    assert.equal(relay.calls.length, calls);
  });
});
