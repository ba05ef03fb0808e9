import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wallMs } from '../../../src/domain/units.ts';
import { composeHeader, encodeMessage } from '../../../src/kiosk/kiosk-message.ts';
import type { KioskState } from '../../../src/kiosk/kiosk-state.ts';
import { FIXTURE_SETTINGS, stateOf } from '../../helpers/kiosk-fixture.ts';

const ENVELOPE = { number: 7, frame: 42, wallMs: wallMs(1_000) };
const headerOf = (state: KioskState, showNames = false) =>
  composeHeader(state, { ...FIXTURE_SETTINGS, showNames }, ENVELOPE);

describe('composeHeader', () => {
  it('keeps names in the gate unless they are wanted, and then only greets', () => {
    const welcome = stateOf({ mode: 'welcome', welcomeName: 'Ada Lovelace' });
    assert.equal(headerOf(welcome).welcomeName, undefined);
    assert.equal(headerOf(welcome, true).welcomeName, 'Ada Lovelace');
    assert.equal(headerOf({ ...welcome, mode: 'refused' }, true).welcomeName, undefined);
  });

  it('lets nothing through that it does not know', () => {
    const face = { x: 0, y: 0, width: 1, height: 1, progress: 0, similarity: 0.61 };
    const leaky = { ...stateOf({ mode: 'checking', face }), embedding: [0.1], identityId: 'p-17' };
    const json = JSON.stringify(headerOf(leaky, true));
    assert.doesNotMatch(json, /embedding|identityId|p-17|similarity|0\.61/);
  });

  it('passes on only the most severe reason', () => {
    const refused = stateOf({ mode: 'refused', reasons: ['liveness-unproven', 'outside-hours'] });
    assert.equal(headerOf(refused).reason, 'liveness-unproven');
    assert.doesNotMatch(JSON.stringify(headerOf(refused)), /outside-hours/);
  });

  it('shortens what the screen could not hold, by whole characters', () => {
    const livenessWaiver = '𝄞'.repeat(400);
    const shortened = headerOf(stateOf({ livenessWaiver })).livenessWaiver ?? '';
    assert.equal(shortened, `${'𝄞'.repeat(159)}…`);
  });
});

describe('encodeMessage', () => {
  it('puts the header before the picture, so that both are of one moment', () => {
    const header = headerOf(stateOf({ mode: 'checking', livenessWaiver: '演示' }));
    const message = encodeMessage(header, Uint8Array.of(0xff, 0xd8, 1, 2));
    const end = 4 + message.readUInt32LE(0);
    assert.deepEqual(JSON.parse(message.toString('utf8', 4, end)).livenessWaiver, '演示');
    assert.deepEqual([...message.subarray(end)], [0xff, 0xd8, 1, 2]);
  });

  it('is the header alone when there is no picture', () => {
    const message = encodeMessage(headerOf(stateOf({})), undefined);
    assert.equal(message.length, 4 + message.readUInt32LE(0));
  });
});
