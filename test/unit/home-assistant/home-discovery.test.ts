import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type HomeDevice, homeDiscovery } from '../../../src/home-assistant/home-discovery.ts';
import { HOME_EVENT_TYPES, homeEvent } from '../../../src/home-assistant/home-event.ts';
import { homeTopics } from '../../../src/home-assistant/home-topics.ts';
import { discoveryProblems, isJson } from '../../helpers/home-assistant-rules.ts';

const topics = homeTopics('gate-1', 'homeassistant');

const aDevice = (changes: Partial<HomeDevice> = {}): HomeDevice => ({
  gateId: 'gate-1',
  name: 'Front door',
  version: '1.2.3',
  topics,
  mayOpen: true,
  hasContact: true,
  styles: ['waves', 'reeds'],
  ...changes,
});

function componentsOf(
  device: HomeDevice,
): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const { components } = homeDiscovery(device);
  assert.ok(isJson(components));
  return components as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

describe('the discovery payload', () => {
  it('is what the documentation demands, whatever the gate has', () => {
    for (const mayOpen of [true, false]) {
      for (const hasContact of [true, false]) {
        for (const styles of [['waves'], undefined]) {
          const payload = homeDiscovery(aDevice({ mayOpen, hasContact, styles }));
          assert.deepEqual(discoveryProblems(topics.discovery, payload), []);
        }
      }
    }
  });

  it('is judged by rules that can fail', () => {
    const payload = homeDiscovery(aDevice());
    assert.ok(discoveryProblems('homeassistant/lock/x/config', payload).length > 0);
    assert.ok(discoveryProblems(topics.discovery, { ...payload, origin: {} }).length > 0);
    const components = { door: { platform: 'lock', unique_id: 'x', name: null } };
    const without = discoveryProblems(topics.discovery, { ...payload, components });
    assert.deepEqual(without, ['door: no command_topic']);
  });

  it('offers a lock to a path with a key, and only a sight of it to one without', () => {
    const open = componentsOf(aDevice({ mayOpen: true }));
    assert.equal(open['lock']?.['command_topic'], topics.door);
    assert.deepEqual(open['bolt'], { platform: 'binary_sensor' });
    const shut = componentsOf(aDevice({ mayOpen: false }));
    assert.deepEqual(shut['lock'], { platform: 'lock' });
    assert.equal(shut['bolt']?.['device_class'], 'lock');
    assert.equal(shut['lock_down']?.['code'], undefined);
  });

  it('asks for a code to lift a lock-down and for none to begin one', () => {
    const { lock_down: panel } = componentsOf(aDevice());
    assert.equal(panel?.['code_arm_required'], false);
    assert.equal(panel?.['code_disarm_required'], true);
    assert.equal(panel?.['code'], 'REMOTE_CODE_TEXT');
  });

  it('lets locking pass without a code, and no short code at all', () => {
    const format = new RegExp(String(componentsOf(aDevice())['lock']?.['code_format']));
    assert.ok(format.test('') && format.test('correct-horse'));
    assert.equal(format.test('1234'), false);
  });

  it('never asks the broker to keep a command', () => {
    for (const component of Object.values(componentsOf(aDevice()))) {
      if (component['command_topic'] !== undefined) assert.equal(component['retain'], false);
    }
  });
});

describe('an event for Home Assistant', () => {
  it('is of an announced type', () => {
    const reasons = ['no-match'] as const;
    const events = [
      homeEvent({ type: 'access.denied', reasons }),
      homeEvent({ type: 'access.denied', reasons: ['attack-suspected'] }),
      homeEvent({ type: 'order.refused', by: 'home-assistant', because: 'wrong-code' }),
      homeEvent({ type: 'door.held-open', openForMs: 30_000 }),
    ];
    const types = events.map((event) => event?.event_type);
    assert.deepEqual(types, ['denied', 'attack-suspected', 'order-refused', 'held-open']);
    for (const type of types) assert.ok(type !== undefined && HOME_EVENT_TYPES.includes(type));
  });

  it('names a person by the opaque id and says nothing of similarity', () => {
    const event = homeEvent({
      type: 'access.granted',
      identityId: 'p-1',
      similarity: 0.7,
      threshold: 0.4,
      modelId: 'encoder-a',
      frameToRelayMs: 80,
    });
    assert.deepEqual(event, { event_type: 'admitted', person: 'p-1' });
  });
});
