import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError } from '../../../src/domain/errors.ts';
import { monotonicMs, similarity } from '../../../src/domain/units.ts';
import { aDoorStand, POLICY } from '../../helpers/door-stand.ts';
import { ScriptedInputs } from '../../helpers/scripted-inputs.ts';

const ORDER = { kind: 'operator-order', by: 'key-1' } as const;
const YEAR_MS = 365 * 86_400_000;

describe('door', () => {
  it('is locked after the start, with the relay known to be released', async () => {
    const stand = aDoorStand();
    const door = await stand.start();
    assert.deepEqual(door.status(), {
      state: 'locked',
      contact: 'closed',
      isLockedDown: false,
      unlockedUntilMs: undefined,
      fault: undefined,
    });
    assert.ok(stand.relay.calls.includes('state'));
    assert.deepEqual(stand.events, []);
  });

  it('gives one pulse for a grant and confirms that it ended', async () => {
    const stand = aDoorStand();
    const door = await stand.start();
    const outcome = await door.open(stand.grant());
    assert.deepEqual(outcome, { outcome: 'opened', energisedAtMs: 1_000 });
    assert.equal(stand.relay.isEnergised, true);
    assert.equal(door.status().state, 'unlocked');
    assert.equal(door.status().unlockedUntilMs, 4_000);
    await stand.clock.advance(3_001);
    assert.equal(stand.relay.isEnergised, false);
    assert.equal(door.status().state, 'locked');
    assert.equal(stand.relay.calls.at(-1), 'state');
    assert.deepEqual(stand.events, []);
    assert.deepEqual(stand.states().slice(-4), ['unlocking', 'unlocked', 'relocking', 'locked']);
  });

  it('gives one pulse for two grants at once', async () => {
    const stand = aDoorStand();
    const door = await stand.start();
    const [first, second] = await Promise.all([
      door.open(stand.grant()),
      door.open(stand.grant({ identityId: 'p-2' })),
    ]);
    assert.equal(first.outcome, 'opened');
    assert.deepEqual(second, { outcome: 'refused', because: 'already-open' });
    assert.equal(stand.relay.pulses, 1);
  });

  it('refuses a grant that is none', async () => {
    const stand = aDoorStand();
    const door = await stand.start();
    const forged = [
      { outcome: 'deny' },
      { identityId: '' },
      { identityId: 7 },
      { similarity: similarity(0.3) },
      { similarity: similarity(Number.NaN) },
      { threshold: similarity(Number.NaN) },
      { threshold: similarity(Number.NEGATIVE_INFINITY) },
    ];
    for (const changes of forged) {
      const outcome = await door.open({ ...stand.grant(), ...(changes as object) });
      assert.deepEqual(outcome, { outcome: 'refused', because: 'grant-malformed' });
    }
    assert.equal(stand.relay.pulses, 0);
  });

  it('refuses a grant that is old, of the future, or of no time', async () => {
    const stand = aDoorStand({ maxGrantAgeMs: 800 });
    const door = await stand.start();
    for (const atMs of [199, 1_001, Number.NaN]) {
      const outcome = await door.open(stand.grant({ capturedAtMs: monotonicMs(atMs) }));
      assert.deepEqual(outcome, { outcome: 'refused', because: 'grant-stale' });
    }
    assert.equal(stand.relay.pulses, 0);
  });

  it('gives one pulse for an order from afar and names who gave it', async () => {
    const stand = aDoorStand();
    const door = await stand.start();
    const outcome = await door.openByOrder({ ...ORDER, receivedAtMs: stand.clock.now() });
    assert.deepEqual(outcome, { outcome: 'opened', energisedAtMs: 1_000 });
    assert.deepEqual(stand.events, [{ type: 'door.opened-remotely', by: 'key-1' }]);
    await stand.clock.advance(3_001);
    assert.equal(stand.relay.isEnergised, false);
  });

  it('gives an order the time that it asks for, within what the relay allows', async () => {
    const stand = aDoorStand();
    const door = await stand.start();
    const receivedAtMs = stand.clock.now();
    for (const pulseMs of [99, stand.relay.maxPulseMs + 1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const refused = await door.openByOrder({ ...ORDER, receivedAtMs, pulseMs });
      assert.deepEqual(refused, { outcome: 'refused', because: 'order-malformed' });
    }
    await door.openByOrder({ ...ORDER, receivedAtMs, pulseMs: 500 });
    assert.equal(door.status().unlockedUntilMs, 1_500);
  });

  it('refuses an order that is none, old or of the future, and any while locked down', async () => {
    const stand = aDoorStand({ maxGrantAgeMs: 800 });
    const door = await stand.start();
    const receivedAtMs = stand.clock.now();
    for (const changes of [{ kind: 'grant' }, { by: '' }, { by: 7 }]) {
      const outcome = await door.openByOrder({ ...ORDER, receivedAtMs, ...(changes as object) });
      assert.deepEqual(outcome, { outcome: 'refused', because: 'order-malformed' });
    }
    for (const atMs of [199, 1_001, Number.NaN]) {
      const outcome = await door.openByOrder({ ...ORDER, receivedAtMs: monotonicMs(atMs) });
      assert.deepEqual(outcome, { outcome: 'refused', because: 'order-stale' });
    }
    await door.lockDown();
    const outcome = await door.openByOrder({ ...ORDER, receivedAtMs });
    assert.deepEqual(outcome, { outcome: 'refused', because: 'locked-down' });
    assert.equal(stand.relay.pulses, 0);
  });

  it('keeps the interval between pulses', async () => {
    const stand = aDoorStand({ duty: { ...POLICY.duty, minIntervalMs: 10_000 } });
    const door = await stand.start();
    await door.open(stand.grant());
    await stand.clock.advance(9_999);
    const early = await door.open(stand.grant());
    assert.deepEqual(early, { outcome: 'refused', because: 'too-soon' });
    await stand.clock.advance(1);
    assert.equal((await door.open(stand.grant())).outcome, 'opened');
  });

  it('keeps the duty of the strike in a storm of grants', async () => {
    const stand = aDoorStand({
      duty: { minIntervalMs: 0, windowMs: 60_000, maxEnergisedMs: 9_000 },
    });
    const door = await stand.start();
    const refusals = new Set<string>();
    let energisedMs = 0;
    for (let step = 0; step < 590; step += 1) {
      const outcome = await door.open(stand.grant());
      if (outcome.outcome === 'refused') refusals.add(outcome.because);
      await stand.clock.advance(100);
      if (stand.relay.isEnergised) energisedMs += 100;
    }
    assert.equal(stand.relay.pulses, 3);
    assert.ok(energisedMs <= 9_000, `${energisedMs} ms`);
    assert.deepEqual([...refusals].sort(), ['already-open', 'duty-exceeded']);
  });

  it('takes no notice of a wall clock that jumps a year', async () => {
    const stand = aDoorStand();
    const door = await stand.start();
    await door.open(stand.grant());
    stand.clock.stepWall(YEAR_MS);
    await stand.clock.advance(2_900);
    assert.equal(stand.relay.isEnergised, true);
    stand.clock.stepWall(-2 * YEAR_MS);
    await stand.clock.advance(200);
    assert.equal(stand.relay.isEnergised, false);
    assert.equal(door.status().state, 'locked');
    assert.equal((await door.open(stand.grant())).outcome, 'opened');
  });

  it('refuses to start with a policy that the relay cannot follow', async () => {
    for (const changes of [
      { pulseMs: 10_001 },
      { pulseMs: Number.NaN },
      { duty: { minIntervalMs: 0, windowMs: 60_000, maxEnergisedMs: 100 } },
    ]) {
      await assert.rejects(
        aDoorStand(changes).start(),
        (error: unknown) => error instanceof ConfigError && error.code === 'PORTICO_CONFIG_INVALID',
      );
    }
  });

  it('locks although its listener throws, and logs that', async () => {
    const stand = aDoorStand();
    const door = await stand.start();
    stand.isListenerBroken = true;
    await door.lockDown();
    door.liftLockDown();
    assert.equal((await door.open(stand.grant())).outcome, 'opened');
    await stand.clock.advance(3_100);
    assert.equal(stand.relay.isEnergised, false);
    assert.equal(stand.log.records[0]?.fields.event, 'door.listener-failed');
  });

  it('locks before the end of the pulse when asked to, and takes the next grant', async () => {
    const stand = aDoorStand();
    const door = await stand.start();
    await door.relock();
    assert.deepEqual(stand.relay.calls.includes('pulse'), false);
    await door.open(stand.grant());
    await stand.clock.advance(1_000);
    await door.relock();
    assert.equal(stand.relay.isEnergised, false);
    assert.equal(door.status().state, 'locked');
    await stand.clock.advance(1_000);
    assert.equal((await door.open(stand.grant())).outcome, 'opened');
  });

  describe('while locked down', () => {
    it('refuses every grant until it is lifted', async () => {
      const stand = aDoorStand();
      const door = await stand.start();
      await door.lockDown();
      await door.lockDown();
      assert.equal(door.status().state, 'locked-down');
      assert.deepEqual(await door.open(stand.grant()), {
        outcome: 'refused',
        because: 'locked-down',
      });
      door.liftLockDown();
      door.liftLockDown();
      assert.equal((await door.open(stand.grant())).outcome, 'opened');
      assert.deepEqual(stand.types(), ['door.locked-down', 'door.lock-down-released']);
    });

    it('stays so over a restart, when told', async () => {
      const stand = aDoorStand({ exitButton: 'pulse' });
      const door = await stand.start(true);
      assert.equal(door.status().isLockedDown, true);
      await door.open(stand.grant());
      stand.inputs.press();
      await stand.clock.advance(1_000);
      assert.equal(stand.relay.pulses, 0, 'the exit button masks and does not pulse');
      assert.deepEqual(stand.types(), ['door.opened-from-inside']);
    });

    it('ends a pulse that runs', async () => {
      const stand = aDoorStand();
      const door = await stand.start();
      await door.open(stand.grant());
      await door.lockDown();
      assert.equal(stand.relay.isEnergised, false);
      assert.equal(door.status().state, 'locked-down');
    });

    it('overtakes a pulse that has not yet begun', async () => {
      const stand = aDoorStand();
      const door = await stand.start();
      stand.relay.pulseBehaviour = 'hangs';
      const opening = door.open(stand.grant());
      const lockingDown = door.lockDown();
      await stand.clock.advance(100);
      stand.relay.wake();
      assert.deepEqual(await opening, { outcome: 'refused', because: 'locked-down' });
      await stand.clock.advance(200);
      await lockingDown;
      assert.equal(stand.relay.isEnergised, false);
      assert.equal(door.status().fault, undefined);
    });
  });

  describe('with its contact', () => {
    it('says nothing of a passage but that the door closed', async () => {
      const stand = aDoorStand({ relockOnClose: false });
      const door = await stand.start();
      await door.open(stand.grant());
      stand.inputs.move('open');
      assert.equal(door.status().state, 'unlocked');
      await stand.clock.advance(3_500);
      assert.equal(door.status().state, 'open');
      stand.inputs.move('closed');
      assert.equal(door.status().state, 'locked');
      assert.deepEqual(stand.types(), ['door.closed']);
    });

    it('locks behind the person: a second one does not find it released', async () => {
      const stand = aDoorStand();
      const door = await stand.start();
      await door.open(stand.grant());
      stand.inputs.move('open');
      await stand.clock.advance(500);
      stand.inputs.move('closed');
      await stand.clock.advance(10);
      assert.equal(stand.relay.isEnergised, false);
      assert.equal(door.status().state, 'locked');
      await stand.clock.advance(1_001);
      stand.inputs.move('open');
      assert.deepEqual(stand.types(), ['door.closed', 'door.forced']);
    });

    it('permits an opening just after the strike fell back, not later', async () => {
      for (const [afterMs, types] of [
        [3_900, []],
        [4_100, ['door.forced']],
      ] as const) {
        const stand = aDoorStand();
        const door = await stand.start();
        await door.open(stand.grant());
        await stand.clock.advance(afterMs);
        stand.inputs.move('open');
        assert.deepEqual(stand.types(), types);
      }
    });

    it('reports a door that was forced, until it is shut', async () => {
      const stand = aDoorStand();
      const door = await stand.start();
      stand.inputs.move('open');
      assert.equal(door.status().state, 'forced');
      stand.inputs.move('open');
      await stand.clock.advance(20_000);
      assert.equal(door.status().state, 'forced', 'force outranks being held open');
      stand.inputs.move('closed');
      assert.equal(door.status().state, 'locked');
      assert.deepEqual(stand.types(), ['door.forced', 'door.held-open', 'door.closed']);
    });

    it('reports a door that is held open, once', async () => {
      const stand = aDoorStand();
      const door = await stand.start();
      await door.open(stand.grant());
      stand.inputs.move('open');
      await stand.clock.advance(60_000);
      assert.equal(door.status().state, 'held-open');
      assert.deepEqual(stand.events, [{ type: 'door.held-open', openForMs: 20_000 }]);
    });

    it('calls a door that stands open at the start not forced', async () => {
      const stand = aDoorStand({}, new ScriptedInputs('open'));
      const door = await stand.start();
      assert.equal(door.status().state, 'open');
      await stand.clock.advance(20_000);
      assert.deepEqual(stand.types(), ['door.held-open']);
    });

    it('keeps an alarm while the sensor is lost, and ends it when it sees the door shut', async () => {
      const stand = aDoorStand();
      const door = await stand.start();
      stand.inputs.move('open');
      stand.inputs.fail('line lost');
      stand.inputs.fail('line lost');
      assert.equal(door.status().contact, 'absent');
      assert.equal(door.status().state, 'forced');
      stand.inputs.move('closed');
      assert.equal(door.status().state, 'locked');
      assert.deepEqual(stand.types(), [
        'door.forced',
        'fault.raised',
        'fault.cleared',
        'door.closed',
      ]);
    });

    it('opens for grants although the inputs do not open', async () => {
      for (const failure of [new Error('no such line'), 'no such line' as unknown as Error]) {
        const stand = aDoorStand();
        stand.inputs.failure = failure;
        const door = await stand.start();
        assert.deepEqual(stand.types(), ['fault.raised']);
        assert.equal((await door.open(stand.grant())).outcome, 'opened');
      }
    });
  });

  describe('with its exit button', () => {
    it('masks an opening from inside for a while, and says so once', async () => {
      const stand = aDoorStand();
      await stand.start();
      stand.inputs.press();
      stand.inputs.press();
      await stand.clock.advance(4_000);
      stand.inputs.move('open');
      stand.inputs.move('closed');
      assert.equal(stand.relay.pulses, 0);
      await stand.clock.advance(2_000);
      stand.inputs.move('open');
      assert.deepEqual(stand.types(), ['door.opened-from-inside', 'door.closed', 'door.forced']);
    });

    it('pulses where the policy says so, within the duty', async () => {
      const stand = aDoorStand({ exitButton: 'pulse' });
      const door = await stand.start();
      stand.inputs.press();
      stand.inputs.press();
      await stand.clock.advance(10);
      assert.equal(stand.relay.pulses, 1);
      assert.equal(door.status().state, 'unlocked');
      assert.deepEqual(stand.types(), ['door.opened-from-inside']);
      await stand.clock.advance(4_500);
      stand.inputs.move('open');
      assert.deepEqual(stand.types(), ['door.opened-from-inside'], 'still masked');
    });
  });

  describe('when closed', () => {
    it('releases, refuses everything, and does so once', async () => {
      const stand = aDoorStand({ exitButton: 'pulse' });
      const door = await stand.start();
      await door.open(stand.grant());
      stand.inputs.move('open');
      await Promise.all([door.close(), door.close()]);
      await door.close();
      assert.equal(stand.relay.isEnergised, false);
      assert.equal(stand.relay.calls.filter((call) => call === 'close').length, 1);
      assert.equal(stand.inputs.isClosed, true);
      assert.equal(door.status().state, 'closed-down');
      assert.deepEqual(await door.open(stand.grant()), {
        outcome: 'refused',
        because: 'closed-down',
      });
      stand.inputs.press();
      stand.inputs.move('closed');
      await door.lockDown();
      door.liftLockDown();
      await stand.clock.advance(60_000);
      assert.equal(stand.relay.pulses, 1);
      assert.equal(stand.clock.pendingTimers, 0);
      assert.deepEqual(stand.types(), []);
    });

    it('reports a relay that fails, and logs inputs that fail', async () => {
      const stand = aDoorStand();
      const door = await stand.start();
      stand.relay.closeBehaviour = 'rejects';
      stand.inputs.failure = new Error('busy');
      await door.close();
      assert.deepEqual(stand.types(), ['fault.raised']);
      assert.equal(stand.log.records[0]?.fields.event, 'door.inputs-not-closed');
    });
  });
});
