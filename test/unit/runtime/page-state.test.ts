import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DOOR_STATES, type DoorStatus } from '../../../src/access/door-status.ts';
import type { Advice } from '../../../src/decision/advice.ts';
import { monotonicMs } from '../../../src/domain/units.ts';
import { type PageInput, pageState } from '../../../src/runtime/page-state.ts';

const aStatus = (changes: Partial<DoorStatus> = {}): DoorStatus => ({
  state: 'locked',
  contact: 'closed',
  isLockedDown: false,
  unlockedUntilMs: undefined,
  fault: undefined,
  ...changes,
});

const anInput = (changes: Partial<PageInput> = {}): PageInput => ({
  advice: { kind: 'idle' },
  door: aStatus(),
  faults: [],
  face: undefined,
  progress: 0,
  frame: { widthPx: 640, heightPx: 480 },
  isAway: false,
  livenessWaiver: undefined,
  welcomeName: undefined,
  ...changes,
});

describe('page state', () => {
  const cases: readonly (readonly [Advice, ReturnType<typeof pageState>['mode'], string?])[] = [
    [{ kind: 'idle' }, 'idle'],
    [{ kind: 'out-of-service', reasons: ['camera-fault'] }, 'fault', 'camera-fault'],
    [{ kind: 'one-at-a-time' }, 'refused', 'several-subjects'],
    [{ kind: 'improve', faults: ['too-far', 'too-dark'] }, 'look-here', 'quality-insufficient'],
    [{ kind: 'hold-still' }, 'checking'],
    [{ kind: 'welcome', identityId: 'p-1' }, 'welcome'],
    [{ kind: 'refused', reasons: ['no-match'] }, 'refused', 'no-match'],
  ];
  it('says that the network is away to nobody but an empty scene', () => {
    for (const [advice, mode] of cases) {
      const state = pageState(anInput({ advice, isAway: true }));
      assert.equal(state.mode, mode === 'idle' ? 'offline' : mode);
    }
  });

  for (const [advice, mode, reason] of cases) {
    it(`says ${mode} on the advice ${advice.kind}`, () => {
      const state = pageState(anInput({ advice }));
      assert.equal(state.mode, mode);
      assert.equal(state.reasons[0], reason);
    });
  }

  it('gives the first thing to mend as advice', () => {
    const advice: Advice = { kind: 'improve', faults: ['too-dark', 'blurred'] };
    assert.equal(pageState(anInput({ advice })).advice, 'too-dark');
  });

  it('says locked down above everything else', () => {
    const door = aStatus({ isLockedDown: true });
    const advice: Advice = { kind: 'welcome', identityId: 'p-1' };
    assert.equal(pageState(anInput({ door, advice })).mode, 'locked-down');
  });

  it('says that the door is at fault when nobody is there to be told anything else', () => {
    assert.equal(pageState(anInput({ door: aStatus({ state: 'fault' }) })).mode, 'fault');
  });

  it('puts the ring where the face is, in shares of the frame', () => {
    const face = { xPx: 64, yPx: 48, widthPx: 320, heightPx: 240 };
    assert.deepEqual(pageState(anInput({ face, progress: 0.5 })).face, {
      x: 0.1,
      y: 0.1,
      width: 0.5,
      height: 0.5,
      progress: 0.5,
    });
  });

  it('calls the relay energised only while a pulse runs, and never guesses', () => {
    const running = aStatus({ state: 'unlocked', unlockedUntilMs: monotonicMs(5) });
    assert.equal(pageState(anInput({ door: running })).relay, 'energised');
    assert.equal(pageState(anInput()).relay, 'released');
    assert.equal(pageState(anInput({ door: aStatus({ state: 'fault' }) })).relay, 'unknown');
  });

  it('has a word for every state of the door', () => {
    for (const state of DOOR_STATES) {
      assert.equal(typeof pageState(anInput({ door: aStatus({ state }) })).door, 'string', state);
    }
  });

  it('carries the waiver and the name only where there are any', () => {
    const bare = pageState(anInput());
    assert.ok(!('livenessWaiver' in bare) && !('welcomeName' in bare));
    const told = pageState(anInput({ livenessWaiver: 'a demonstration', welcomeName: 'Ada' }));
    assert.equal(told.livenessWaiver, 'a demonstration');
    assert.equal(told.welcomeName, 'Ada');
  });
});
