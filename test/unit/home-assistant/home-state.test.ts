import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HomeDoor } from '../../../src/home-assistant/home-gate.ts';
import { type HomeFacts, homeState } from '../../../src/home-assistant/home-state.ts';

const aDoor = (changes: Partial<HomeDoor> = {}): HomeDoor => ({
  state: 'locked',
  contact: 'closed',
  isLockedDown: false,
  unlockedUntilMs: undefined,
  ...changes,
});

const someFacts = (changes: Partial<HomeFacts> = {}): HomeFacts => ({
  door: aDoor(),
  isTampered: false,
  isSomebodyThere: false,
  faults: [],
  person: undefined,
  art: undefined,
  ...changes,
});

const lockOf = (door: HomeDoor | undefined): string => homeState(someFacts({ door })).lock;

describe('the state for Home Assistant', () => {
  it('calls a door locked only when it is known to be', () => {
    assert.equal(lockOf(aDoor()), 'LOCKED');
    assert.equal(lockOf(aDoor({ state: 'locked-down', isLockedDown: true })), 'LOCKED');
    assert.equal(lockOf(undefined), 'JAMMED');
    assert.equal(lockOf(aDoor({ state: 'fault' })), 'JAMMED');
    assert.equal(lockOf(aDoor({ state: 'closed-down' })), 'JAMMED');
    assert.equal(lockOf(aDoor({ state: 'relocking' })), 'LOCKING');
    assert.equal(lockOf(aDoor({ state: 'unlocking' })), 'UNLOCKING');
    assert.equal(lockOf(aDoor({ state: 'unlocked', unlockedUntilMs: 5 })), 'UNLOCKED');
    // Worse words stand before 'unlocked' in the door's one word, and must not hide it.
    assert.equal(
      lockOf(aDoor({ state: 'held-open', contact: 'open', unlockedUntilMs: 5 })),
      'UNLOCKED',
    );
    assert.equal(lockOf(aDoor({ state: 'forced', contact: 'open' })), 'OPEN');
  });

  it('calls a forced door and a suspected attack tampering', () => {
    assert.equal(homeState(someFacts()).tamper, 'OFF');
    assert.equal(homeState(someFacts({ isTampered: true })).tamper, 'ON');
    assert.equal(homeState(someFacts({ door: aDoor({ state: 'forced' }) })).tamper, 'ON');
  });

  it('says that it does not know what it does not know', () => {
    const { contact, person } = homeState(someFacts({ door: aDoor({ contact: 'absent' }) }));
    assert.deepEqual([contact, person], ['None', 'None']);
  });

  it('names the faults', () => {
    const { problem, faults } = homeState(someFacts({ faults: ['PORTICO_TOO_HOT'] }));
    assert.deepEqual([problem, faults], ['ON', ['PORTICO_TOO_HOT']]);
  });
});
