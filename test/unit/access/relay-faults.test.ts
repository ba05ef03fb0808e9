import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aDoorStand } from '../../helpers/door-stand.ts';
import type { Behaviour } from '../../helpers/scripted-relay.ts';

const FAILURES: readonly Behaviour[] = ['throws', 'rejects', 'hangs'];

describe('door, when the relay fails', () => {
  for (const behaviour of FAILURES) {
    it(`does not open when the pulse ${behaviour}, and takes none until it is sure again`, async () => {
      const stand = aDoorStand();
      const door = await stand.start();
      stand.relay.pulseBehaviour = behaviour;
      const opening = door.open(stand.grant());
      await stand.clock.advance(600);
      assert.deepEqual(await opening, { outcome: 'refused', because: 'relay-fault' });
      assert.equal(door.status().state, 'fault');
      assert.equal(door.status().fault?.code, 'PORTICO_RELAY_WRITE');
      assert.equal(stand.relay.isEnergised, false);
      assert.ok(stand.relay.calls.includes('release'));

      stand.relay.pulseBehaviour = 'works';
      await stand.clock.advance(1_000);
      const during = await door.open(stand.grant());
      assert.deepEqual(during, { outcome: 'refused', because: 'relay-fault' });
      assert.equal(stand.relay.pulses, 0);

      stand.relay.wake();
      await stand.clock.advance(10_000);
      assert.equal(door.status().state, 'locked');
      assert.equal(stand.relay.isEnergised, false);
      assert.equal((await door.open(stand.grant())).outcome, 'opened');
      assert.deepEqual(stand.types(), ['fault.raised', 'fault.cleared']);
    });
  }

  it('releases a pulse that comes after everybody stopped waiting for it', async () => {
    const stand = aDoorStand();
    const door = await stand.start();
    stand.relay.pulseBehaviour = 'hangs';
    const opening = door.open(stand.grant());
    await stand.clock.advance(2_000);
    assert.equal((await opening).outcome, 'refused');
    stand.relay.wake();
    await stand.clock.advance(1);
    assert.equal(stand.relay.pulses, 1, 'the strike did move');
    assert.equal(stand.relay.isEnergised, false, 'and was released at once');
  });

  it('is not sure of anything while a pulse is unanswered', async () => {
    const stand = aDoorStand();
    const door = await stand.start();
    stand.relay.pulseBehaviour = 'hangs';
    const opening = door.open(stand.grant());
    await stand.clock.advance(120_000);
    assert.equal((await opening).outcome, 'refused');
    assert.equal(door.status().state, 'fault');
    assert.equal(stand.types().includes('fault.cleared'), true, 'one fault gives way to another');
    assert.equal(door.status().fault?.code, 'PORTICO_DOOR_NOT_RELOCKED');
  });

  it('raises an alarm when the strike stays energised, and gives no more pulses', async () => {
    const stand = aDoorStand();
    const door = await stand.start();
    await door.open(stand.grant());
    stand.relay.isWelded = true;
    await stand.clock.advance(4_200);
    assert.equal(door.status().state, 'fault');
    assert.equal(door.status().fault?.code, 'PORTICO_DOOR_NOT_RELOCKED');
    assert.deepEqual(stand.types(), ['fault.raised', 'door.not-relocked']);
    const releases = stand.relay.calls.filter((call) => call === 'release').length;
    await stand.clock.advance(600_000);
    assert.deepEqual(await door.open(stand.grant()), {
      outcome: 'refused',
      because: 'relay-fault',
    });
    assert.equal(stand.relay.pulses, 1);
    assert.ok(stand.relay.calls.filter((call) => call === 'release').length > releases + 50);
    assert.deepEqual(stand.types(), ['fault.raised', 'door.not-relocked'], 'said once');

    stand.relay.isWelded = false;
    await stand.clock.advance(10_000);
    assert.equal(door.status().state, 'locked');
    assert.equal(stand.types().at(-1), 'fault.cleared');
    assert.equal((await door.open(stand.grant())).outcome, 'opened');
  });

  for (const behaviour of FAILURES) {
    it(`is in fault when the state ${behaviour} after the pulse`, async () => {
      const stand = aDoorStand();
      const door = await stand.start();
      await door.open(stand.grant());
      stand.relay.stateBehaviour = behaviour;
      await stand.clock.advance(9_000);
      assert.equal(door.status().state, 'fault');
      assert.equal(stand.relay.isEnergised, false);
      assert.ok(stand.types().includes('door.not-relocked'));
      assert.equal((await door.open(stand.grant())).outcome, 'refused');
      assert.equal(stand.relay.pulses, 1);
    });

    it(`starts in fault when state and release ${behaviour === 'hangs' ? 'hang' : 'fail'}`, async () => {
      const stand = aDoorStand();
      stand.relay.stateBehaviour = behaviour;
      stand.relay.releaseBehaviour = behaviour;
      const door = await stand.startSlowly();
      assert.equal(door.status().state, 'fault');
      assert.equal((await door.open(stand.grant())).outcome, 'refused');
      assert.equal(stand.relay.pulses, 0);
      stand.relay.stateBehaviour = 'works';
      stand.relay.releaseBehaviour = 'works';
      stand.relay.wake();
      await stand.clock.advance(10_000);
      assert.equal(door.status().state, 'locked');
    });
  }

  it('asks a relay that hangs for ever only so often', async () => {
    const stand = aDoorStand();
    stand.relay.stateBehaviour = 'hangs';
    stand.relay.releaseBehaviour = 'hangs';
    const door = await stand.startSlowly();
    await stand.clock.advance(300_000);
    assert.ok(stand.relay.calls.length <= 10, `${stand.relay.calls.length} calls hang`);
    assert.equal(door.status().state, 'fault');
  });

  it('trusts a release of a relay that cannot be read back', async () => {
    const stand = aDoorStand();
    stand.relay.isBlind = true;
    const door = await stand.start();
    assert.equal(door.status().state, 'locked');
    await door.open(stand.grant());
    await stand.clock.advance(3_100);
    assert.equal(door.status().state, 'locked');
    assert.equal(stand.relay.calls.at(-2), 'release');
    stand.relay.releaseBehaviour = 'rejects';
    await door.open(stand.grant());
    await stand.clock.advance(5_000);
    assert.equal(door.status().state, 'fault');
  });

  it('is in fault when the output is energised without a grant, and releases it', async () => {
    const stand = aDoorStand();
    const door = await stand.start();
    await stand.relay.pulse(60_000);
    await stand.clock.advance(1);
    assert.equal(door.status().fault?.code, 'PORTICO_RELAY_UNEXPECTED');
    assert.equal(stand.relay.isEnergised, false);
    await stand.clock.advance(6_000);
    assert.equal(door.status().state, 'locked');
  });

  it('makes sure again when the relay no longer knows its state', async () => {
    const stand = aDoorStand();
    const door = await stand.start();
    const before = stand.relay.calls.length;
    stand.relay.report('released');
    assert.equal(stand.relay.calls.length, before);
    stand.relay.report('unknown');
    await stand.clock.advance(1);
    assert.ok(stand.relay.calls.length > before);
    assert.equal(door.status().state, 'locked');
  });

  it('locks early when the relay ends its pulse early', async () => {
    const stand = aDoorStand();
    const door = await stand.start();
    await door.open(stand.grant());
    await stand.relay.release();
    await stand.clock.advance(1);
    assert.equal(door.status().state, 'locked');
  });

  it('waits for a release that takes its time', async () => {
    const stand = aDoorStand();
    const door = await stand.start();
    await door.open(stand.grant());
    stand.relay.isWelded = true;
    await stand.clock.advance(3_500);
    assert.equal(door.status().state, 'relocking');
    assert.deepEqual(await door.open(stand.grant()), {
      outcome: 'refused',
      because: 'already-open',
    });
    stand.relay.isWelded = false;
    await stand.clock.advance(200);
    assert.equal(door.status().state, 'locked');
    assert.deepEqual(stand.events, []);
  });

  it('closes while the relay hangs, and releases a pulse that comes after that', async () => {
    const stand = aDoorStand();
    const door = await stand.start();
    stand.relay.pulseBehaviour = 'hangs';
    const opening = door.open(stand.grant());
    stand.relay.closeBehaviour = 'hangs';
    const closing = door.close();
    await stand.clock.advance(2_000);
    await closing;
    assert.deepEqual(await opening, { outcome: 'refused', because: 'closed-down' });
    stand.relay.wake();
    await stand.clock.advance(1);
    assert.equal(stand.relay.isEnergised, false);
    assert.equal(door.status().state, 'closed-down');
  });

  it('stops looking after the strike when it is closed in the middle of that', async () => {
    for (const stateBehaviour of ['works', 'hangs'] as const) {
      const stand = aDoorStand();
      const door = await stand.start();
      await door.open(stand.grant());
      stand.relay.isWelded = true;
      stand.relay.stateBehaviour = stateBehaviour;
      await stand.clock.advance(3_050);
      const closing = door.close();
      await stand.clock.advance(10_000);
      await closing;
      const calls = stand.relay.calls.length;
      await stand.clock.advance(60_000);
      assert.equal(stand.relay.calls.length, calls);
      assert.equal(door.status().state, 'closed-down');
    }
  });

  it('reports what a driver throws that is no error', async () => {
    const stand = aDoorStand();
    const door = await stand.start();
    stand.relay.pulse = () => Promise.reject('plain text');
    assert.equal((await door.open(stand.grant())).outcome, 'refused');
    assert.deepEqual(stand.events[0], {
      type: 'fault.raised',
      code: 'PORTICO_RELAY_WRITE',
      detail: "the relay failed on 'pulse'",
    });
    stand.relay.pulse = () => Promise.reject(new TypeError('a defect of the driver'));
    await stand.clock.advance(10_000);
    await door.open(stand.grant());
    assert.equal(door.status().fault?.detail, 'a defect of the driver');
  });
});
