import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { HouseBroker } from '../../helpers/house-broker.ts';
import { mosquittoMissing } from '../../helpers/mosquitto.ts';
import { ScriptedHomeAssistant } from '../../helpers/scripted-home-assistant.ts';
import { aShownDoor, type ShownDoor } from '../../helpers/shown-door.ts';
import { until } from '../../helpers/until.ts';

const CODE = 'correct-horse-battery';
const WRONG = 'wrong-horse-battery';

describe('a gate in Home Assistant, over mosquitto', { skip: mosquittoMissing }, () => {
  let broker: HouseBroker;
  let house: ScriptedHomeAssistant;
  let gate: ShownDoor;

  const shows = (id: string, state: string): Promise<void> =>
    until(`${id} shows ${state}`, () => house.state(id) === state);
  const refused = (because: string, times = 1): Promise<void> =>
    until(`refused: ${because}`, () => gate.home.refusals()[because] === times);
  /** What was sent before this has been dealt with when the answer to it can be seen. */
  const settled = async (): Promise<void> => {
    await house.say('art_interval', '77');
    await shows('art_interval', '77');
  };

  before(async () => {
    broker = await HouseBroker.start();
  });
  after(() => broker.dispose());
  beforeEach(async () => {
    house = await ScriptedHomeAssistant.connect(broker.plainPort, broker.login);
    gate = await aShownDoor(broker.endpoint, CODE);
    await until('the house knows the gate', () => house.device !== undefined);
    await until('it is available', () => house.isAvailable);
    await shows('lock', 'LOCKED');
  });
  afterEach(async () => {
    await gate.close();
    await house.close();
  });

  it('is found again by a Home Assistant that has just started', async () => {
    const late = await ScriptedHomeAssistant.connect(broker.plainPort, broker.login);
    assert.equal(late.device, undefined, 'the broker keeps no discovery');
    await late.sayBirth();
    await until('it is found', () => late.device !== undefined);
    await until('it is available', () => late.isAvailable);
    await until('its state is there', () => late.state('lock') === 'LOCKED');
    assert.deepEqual(late.device, house.device);
    await late.close();
  });

  it('shows what is the case', async () => {
    assert.equal(house.state('contact'), 'OFF');
    assert.equal(house.state('presence'), 'OFF');
    assert.equal(house.state('person'), 'None');
    gate.home.noteFaces(1);
    await shows('presence', 'ON');
    gate.inputs.move('open');
    await shows('contact', 'ON');
    await shows('tamper', 'ON');
    gate.inputs.move('closed');
    await shows('tamper', 'OFF');
    gate.faults.push('PORTICO_CAMERA_BLACK');
    gate.tell({ type: 'fault.raised', code: 'PORTICO_CAMERA_BLACK', detail: 'x' });
    await shows('problem', 'ON');
    gate.wall.hang({ style: 'Waves', manner: 'fast', subject: 'harbour' });
    await shows('art_title', 'Waves: harbour');
  });

  it('tells who was admitted by the opaque id, who was not and why, and of attacks', async () => {
    gate.tell({
      type: 'access.granted',
      identityId: 'p-1',
      similarity: 0.7,
      threshold: 0.4,
      modelId: 'encoder-a',
      frameToRelayMs: 80,
    });
    await shows('person', 'p-1');
    gate.tell({ type: 'access.denied', reasons: ['attack-suspected', 'no-match'] });
    await shows('tamper', 'ON');
    await until('both are told', () => house.events.length === 2);
    assert.deepEqual(house.events, [
      { event_type: 'admitted', person: 'p-1' },
      { event_type: 'attack-suspected', reasons: ['attack-suspected', 'no-match'] },
    ]);
  });

  it('opens for the code, by one pulse, and says who asked', async () => {
    await house.order('lock', 'UNLOCK', CODE);
    await until('the strike was energised', () => gate.relay.pulses === 1);
    await shows('lock', 'UNLOCKED');
    await until('it is told', () => house.events.length === 1);
    assert.deepEqual(house.events, [{ event_type: 'opened-remotely', by: 'home-assistant' }]);
    await shows('lock', 'LOCKED');
  });

  it('locks again before the time when told to, without a code', async () => {
    await house.order('lock', 'UNLOCK', CODE);
    await shows('lock', 'UNLOCKED');
    await house.order('lock', 'LOCK', null);
    await shows('lock', 'LOCKED');
    assert.ok(gate.relay.calls.includes('release'), 'it did not just wait for the end');
  });

  it('opens for no other code, and after five not for the right one either', async () => {
    for (let guess = 0; guess < 5; guess += 1)
      await house.order('lock', 'UNLOCK', `${WRONG}-${guess}`);
    await house.order('lock', 'UNLOCK', CODE);
    await refused('too-many-wrong-codes');
    assert.equal(gate.relay.pulses, 0);
    await until('each is told', () => house.events.length === 6);
    const told = house.events.map(({ because }) => because);
    assert.deepEqual(told, [...Array(5).fill('wrong-code'), 'too-many-wrong-codes']);
    assert.equal(JSON.stringify(gate.events).includes('horse'), false, 'no guess is written down');
  });

  it('does not act on a retained command, live or kept', async () => {
    await house.order('lock', 'UNLOCK', CODE, { isRetained: true });
    await refused('retained');
    await gate.close();
    await until('it is not available', () => !house.isAvailable);
    gate = await aShownDoor(broker.endpoint, CODE);
    await until('it is available', () => house.isAvailable);
    await settled();
    assert.equal(gate.relay.pulses, 0);
    await house.say('lock', '', true);
  });

  it('does not act on a command that was given while it was away', async () => {
    await gate.close();
    await until('it is not available', () => !house.isAvailable);
    await house.order('lock', 'UNLOCK', CODE);
    gate = await aShownDoor(broker.endpoint, CODE);
    await until('it is available', () => house.isAvailable);
    await settled();
    assert.equal(gate.relay.pulses, 0);
  });

  it('does not act on an old command, nor twice on one', async () => {
    const atSeconds = Date.now() / 1_000;
    await house.order('lock', 'UNLOCK', CODE, { atSeconds: atSeconds - 60 });
    await refused('not-in-time');
    await house.order('lock', 'UNLOCK', CODE, { atSeconds });
    await until('the strike was energised', () => gate.relay.pulses === 1);
    await shows('lock', 'LOCKED');
    await house.order('lock', 'UNLOCK', CODE, { atSeconds });
    await refused('repeated');
    assert.equal(gate.relay.pulses, 1);
  });

  it('is locked down by anybody in the house, and released with the code only', async () => {
    await house.order('lock_down', 'ARM_AWAY', null);
    await shows('lock_down', 'armed_away');
    await house.order('lock', 'UNLOCK', CODE);
    await until('the door refused', () =>
      house.events.some(({ because }) => because === 'locked-down'),
    );
    await house.order('lock_down', 'DISARM', WRONG);
    await refused('wrong-code');
    assert.equal(gate.door.status().isLockedDown, true);
    await house.order('lock_down', 'DISARM', CODE);
    await shows('lock_down', 'disarmed');
    assert.equal(gate.relay.pulses, 0);
  });

  it('takes settings of the art, and nothing that is none', async () => {
    await house.say('art', 'OFF');
    await shows('art', 'OFF');
    await house.say('art_style', 'reeds');
    await shows('art_style', 'reeds');
    await house.say('art_interval', '300');
    await shows('art_interval', '300');
    for (const nonsense of ['9', '86401', '1e3', '-5', ''])
      await house.say('art_interval', nonsense);
    await house.say('art_style', 'no such style');
    await house.say('art', 'on');
    await refused('malformed', 7);
    assert.deepEqual(gate.wall.settings, {
      isOn: false,
      manner: 'fast',
      style: 'reeds',
      intervalS: 300,
    });
  });

  it('hears so many commands a minute, and locking always', async () => {
    for (let count = 0; count < 40; count += 1) await house.say('art', 'ON');
    await until('it was flooded', () => (gate.home.refusals()['flooded'] ?? 0) === 10);
    await house.order('lock', 'UNLOCK', CODE);
    await refused('flooded', 11);
    assert.equal(gate.relay.pulses, 0);
    await house.order('lock_down', 'ARM_AWAY', null);
    await shows('lock_down', 'armed_away');
  });

  it('comes back with its broker', async () => {
    const { length } = house.discoveries;
    await broker.kill();
    await broker.run();
    await until('it introduces itself anew', () => house.discoveries.length > length, 60_000);
    await until('it is available', () => house.isAvailable);
    await shows('lock', 'LOCKED');
  });

  it('has no way to be opened where the operator gave it no key', async () => {
    await gate.close();
    const { length } = house.discoveries;
    gate = await aShownDoor(broker.endpoint, undefined);
    await until('it introduces itself', () => house.discoveries.length > length);
    assert.equal(house.component('lock')['command_topic'], undefined);
    await shows('bolt', 'OFF');
    const payload = JSON.stringify({ value: 'UNLOCK', code: CODE, at: Date.now() / 1_000 });
    await house.publish('portico-home/gate-1/door/set', payload, false);
    await house.order('lock_down', 'ARM_AWAY', null);
    await shows('lock_down', 'armed_away');
    await house.order('lock_down', 'DISARM', CODE);
    await refused('not-allowed');
    assert.equal(gate.door.status().isLockedDown, true);
    assert.equal(gate.relay.pulses, 0);
  });
});
