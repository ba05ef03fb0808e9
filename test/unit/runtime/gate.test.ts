import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { aStoreFault, FACES, GateStand } from '../../helpers/gate-stand.ts';
import { aFrameOf, aProbe, aSubject } from '../../helpers/observation-builders.ts';
import { aCameraFault } from '../../helpers/scripted-camera.ts';

describe('gate', () => {
  let stand = new GateStand();
  const renew = (options: ConstructorParameters<typeof GateStand>[0]): GateStand => {
    stand = new GateStand(options);
    return stand;
  };
  afterEach(async () => {
    await stand.close();
    stand = new GateStand();
  });

  it('records who entered, by what similarity and how quickly', async () => {
    await stand.start();
    await stand.visit('resident');
    const granted = stand.events.find(({ type }) => type === 'access.granted');
    assert.ok(granted?.type === 'access.granted');
    assert.equal(granted.identityId, 'resident');
    assert.ok(granted.similarity > 0.99 && granted.threshold < granted.similarity);
    assert.equal(granted.frameToRelayMs, 0);
    assert.equal(granted.livenessWaiver, undefined);
  });

  it('opens once for one visit, and again when the person comes again', async () => {
    await stand.start();
    await stand.visit('resident', 40);
    assert.equal(stand.relay.pulses, 1);
    await stand.visit(undefined, 40);
    await stand.visit('resident', 6, { trackId: 8 });
    assert.equal(stand.relay.pulses, 2);
  });

  it('refuses a stranger once, with the reason', async () => {
    await stand.start();
    await stand.visit('stranger', 40);
    await stand.visit(undefined, 20);
    const denials = stand.events.filter(({ type }) => type === 'access.denied');
    assert.equal(denials.length, 1);
    assert.ok(denials[0]?.type === 'access.denied' && denials[0].reasons.includes('no-match'));
    assert.equal(stand.relay.pulses, 0);
  });

  it('changes nothing when nobody is there', async () => {
    await stand.start();
    await stand.visit(undefined, 50);
    assert.deepEqual(stand.types(), ['gate.started']);
    assert.equal(stand.page?.mode, 'idle');
  });

  it('says the waiver of liveness on the page, at the start and with every grant', async () => {
    const words = 'a test without a living person';
    renew({ livenessWaiver: words });
    await stand.start();
    await stand.visit('resident', 6, { liveness: { outcome: 'not-assessed' } });
    assert.equal(stand.relay.pulses, 1);
    const waivers = stand.events.map((event) =>
      event.type === 'access.granted' || event.type === 'gate.started'
        ? event.livenessWaiver
        : words,
    );
    assert.deepEqual(new Set(waivers), new Set([words]));
    assert.equal(stand.page?.livenessWaiver, words);
  });

  it('works without a page', async () => {
    renew({ isPageless: true });
    const gate = await stand.start();
    await stand.visit('resident');
    assert.equal(gate.pageUrl, undefined);
    assert.equal(stand.relay.pulses, 1);
  });

  it('opens the door without a page that cannot be served, and shows it when it can', async () => {
    renew({ pageFailures: 1 });
    const gate = await stand.start();
    assert.equal(gate.pageUrl, undefined);
    await stand.visit('resident');
    assert.equal(stand.relay.pulses, 1);
    await stand.clock.advance(10_000);
    assert.notEqual(gate.pageUrl, undefined);
    const told = stand.events.filter(({ type }) => type.startsWith('fault.'));
    assert.deepEqual(
      told.map(({ type }) => type),
      ['fault.raised', 'fault.cleared'],
    );
  });

  it('follows the roster while it runs', async () => {
    await stand.start();
    stand.store.deleteIdentity('resident');
    await stand.clock.advance(300);
    await stand.visit('resident');
    assert.equal(stand.relay.pulses, 0);
    await stand.visit(undefined, 20);
    const templates = [{ modelId: 'face-512', embedding: FACES.stranger }];
    stand.store.enrol({ identityId: 'newcomer', name: 'New', templates });
    await stand.clock.advance(300);
    await stand.visit('stranger', 6, { trackId: 8 });
    assert.equal(stand.relay.pulses, 1);
  });

  it('tries a camera again that could not be opened', async () => {
    stand.camera.openFailure = aCameraFault('PORTICO_CAMERA_UNAVAILABLE');
    await stand.start();
    await stand.clock.advance(11_000);
    assert.equal(stand.camera.opened, 3);
    assert.deepEqual(stand.faultsRaised(), ['PORTICO_CAMERA_UNAVAILABLE']);
    stand.camera.openFailure = undefined;
    await stand.clock.advance(5_000);
    assert.ok(stand.types().includes('fault.cleared'));
    await stand.visit('resident');
    assert.equal(stand.relay.pulses, 1);
  });

  it('tries a camera again whose driver threw what nobody foresaw', async () => {
    stand.camera.openFailure = new TypeError('a defect of the driver');
    await stand.start();
    stand.camera.openFailure = undefined;
    await stand.clock.advance(5_000);
    await stand.visit('resident');
    assert.equal(stand.relay.pulses, 1);
  });

  it('recovers from a fault of camera and vision', async () => {
    await stand.start();
    stand.camera.fail('PORTICO_CAMERA_BLACK');
    stand.failVision('stage-timeout');
    await stand.clock.advance(500);
    stand.camera.recover();
    stand.restartVision();
    await stand.visit('resident');
    assert.equal(stand.relay.pulses, 1);
    assert.deepEqual(stand.page?.faults, []);
  });

  it('recovers when another process lets go of the store', async () => {
    await stand.start();
    stand.failing.set('hasChangedSince', aStoreFault('LOCKED'));
    await stand.clock.advance(300);
    stand.failing.clear();
    await stand.clock.advance(600);
    await stand.visit('resident');
    assert.equal(stand.relay.pulses, 1);
    assert.deepEqual(stand.page?.faults, []);
  });

  it('speaks of silence when no observation comes', async () => {
    await stand.start();
    await stand.visit('resident', 1);
    await stand.clock.advance(2_000);
    assert.equal(stand.page?.face, undefined);
    assert.notEqual(stand.page?.mode, 'checking');
  });

  it('suspects a second person who follows through the open door', async () => {
    await stand.start();
    await stand.visit('resident');
    stand.inputs.move('open');
    const subject = aSubject({ probes: [aProbe(FACES.resident)] });
    for (let frame = 0; frame < 4; frame += 1) {
      stand.observe(aFrameOf(stand.clock.now(), subject, { faceCount: 2 }));
      await stand.clock.advance(100);
    }
    assert.ok(stand.types().includes('tailgating.suspected'));
  });

  it('keeps a lock-down over a restart, and lifts it when told to', async () => {
    const gate = await stand.start();
    await gate.lockDown();
    assert.equal(stand.store.setting('lock-down'), 'in-force');
    gate.liftLockDown();
    assert.equal(stand.store.setting('lock-down'), 'lifted');
    await stand.visit('resident');
    assert.equal(stand.relay.pulses, 1);
  });

  it('closes everything, door first, and only once', async () => {
    const gate = await stand.start();
    await Promise.all([gate.close(), gate.close()]);
    assert.equal(stand.relay.calls.at(-1), 'close');
    assert.equal(stand.camera.isClosed, true);
    assert.equal(stand.isVisionClosed, true);
    assert.deepEqual(stand.types(), ['gate.started', 'gate.stopped']);
    await stand.clock.advance(60_000);
    assert.equal(stand.clock.pendingTimers, 0);
  });

  it('does not call it a fault of the camera when it is closed while the camera opens', async () => {
    stand.camera.openFailure = aCameraFault('PORTICO_CAMERA_UNAVAILABLE');
    const gate = await stand.start();
    stand.camera.isSlow = true;
    await stand.clock.advance(5_000);
    assert.equal(stand.camera.opened, 2);
    await gate.close();
    assert.deepEqual(stand.faultsRaised(), ['PORTICO_CAMERA_UNAVAILABLE']);
    assert.equal(stand.clock.pendingTimers, 0);
  });

  it('tells those who watch, until they stop', async () => {
    const heard: string[] = [];
    const gate = await stand.start();
    const stop = gate.watch({ onEvent: ({ event }) => heard.push(event.type) });
    await stand.visit('resident');
    stop();
    await stand.visit(undefined, 20);
    assert.deepEqual(heard, ['access.granted']);
  });
});
