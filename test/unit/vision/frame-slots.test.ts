import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DeviceError } from '../../../src/domain/errors.ts';
import { monotonicMs } from '../../../src/domain/units.ts';
import { FrameSlots } from '../../../src/vision/frame-slots.ts';

const size = { widthPx: 4, heightPx: 2 };

function commit(slots: FrameSlots, value: number): void {
  slots.beginFrame().fill(value);
  slots.commitFrame(monotonicMs(value));
}

describe('FrameSlots', () => {
  it('hands out the newest frame, once', () => {
    const slots = new FrameSlots(size);
    assert.equal(slots.takeNewest(0), undefined);
    commit(slots, 1);
    commit(slots, 2);
    const taken = slots.takeNewest(0);
    assert.equal(taken?.sequence, 2);
    assert.equal(taken.capturedAtMs, 2);
    slots.release(taken.slot);
    assert.equal(slots.takeNewest(2), undefined);
  });

  it('shows a frame until a newer one takes its place', () => {
    const slots = new FrameSlots(size);
    commit(slots, 1);
    commit(slots, 2);
    assert.deepEqual([slots.peek(1)?.[0], slots.peek(2)?.[0]], [1, 2]);
    for (const value of [3, 4, 5]) commit(slots, value);
    assert.equal(slots.peek(1), undefined);
    assert.equal(slots.peek(5)?.[0], 5);
    const writing = [1, 2, 3, 4, 5].filter((sequence) => slots.peek(sequence) !== undefined);
    slots.beginFrame();
    const after = writing.filter((sequence) => slots.peek(sequence) !== undefined);
    assert.equal(after.length, writing.length - 1, 'what is being written is shown to nobody');
  });

  it('holds one slot at a time', () => {
    const slots = new FrameSlots(size);
    commit(slots, 1);
    assert.notEqual(slots.takeNewest(0), undefined);
    commit(slots, 2);
    assert.equal(slots.takeNewest(1), undefined);
  });

  it('never writes into the slot that is being read, nor into the newest', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('commit', 'take', 'release')), (actions) => {
        const slots = new FrameSlots(size);
        const read = slots.buffers.map((buffer) => new Uint8Array(buffer));
        let value = 0;
        let last = 0;
        let held: { slot: number; value: number } | undefined;
        const copy = new Uint8Array(24);
        for (const action of actions) {
          if (action === 'commit') commit(slots, ++value);
          if (action === 'take') {
            const taken = slots.takeNewest(last);
            if (taken !== undefined) {
              held = { slot: taken.slot, value };
              last = taken.sequence;
            }
          }
          if (action === 'release' && held !== undefined) {
            slots.release(held.slot);
            held = undefined;
          }
          for (const byte of held === undefined ? [] : read[held.slot]!) {
            assert.equal(byte, held!.value % 256);
          }
          slots.beginFrame().fill(255);
          const newest = slots.copyNewest(copy);
          if (newest !== undefined) assert.ok(copy.every((byte) => byte === value % 256));
        }
      }),
    );
  });

  it('gives the same buffer again when a frame was begun and not finished', () => {
    const slots = new FrameSlots(size);
    assert.equal(slots.beginFrame(), slots.beginFrame());
  });

  it('refuses a commit of what was not begun', () => {
    assert.throws(() => new FrameSlots(size).commitFrame(monotonicMs(1)), {
      code: 'PORTICO_INVARIANT_BROKEN',
    });
  });

  it('gives buffers of exactly one frame', () => {
    assert.equal(new FrameSlots(size).beginFrame().length, 4 * 2 * 3);
  });

  it('tells its listeners of frames and faults until they leave', () => {
    const slots = new FrameSlots(size);
    const heard: string[] = [];
    const leave = slots.subscribe({
      onFrame: () => heard.push('frame'),
      onCameraFault: (fault) => heard.push(fault.code),
      onCameraRecovery: () => heard.push('recovery'),
    });
    commit(slots, 1);
    slots.onFault(
      new DeviceError('PORTICO_CAMERA_STALLED', {
        message: 'no frame',
        remedy: 'look at the cable',
        device: 'test',
        transient: true,
      }),
    );
    slots.onRecovery();
    leave();
    commit(slots, 2);
    assert.deepEqual(heard, ['frame', 'PORTICO_CAMERA_STALLED', 'recovery']);
  });

  it('knows the age of its newest frame', () => {
    const slots = new FrameSlots(size);
    assert.equal(slots.newestAgeMs(monotonicMs(5)), Number.POSITIVE_INFINITY);
    commit(slots, 100);
    assert.equal(slots.newestAgeMs(monotonicMs(130)), 30);
  });
});
