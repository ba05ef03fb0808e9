import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { WatchedCamera } from '../../../../device/camera/watched-camera.ts';
import { DeviceError } from '../../../../src/domain/errors.ts';
import type { Camera, FrameSink } from '../../../../src/domain/ports/camera.ts';
import { monotonicMs } from '../../../../src/domain/units.ts';
import { RecordingLogger } from '../../../helpers/recording-logger.ts';

const SIZE = { widthPx: 64, heightPx: 64 };
const LIMITS = { frozenFrames: 2, frozenMs: 20, blackMs: 20, recoveryFrames: 2 };

const stalled = new DeviceError('PORTICO_CAMERA_STALLED', {
  message: 'no frame',
  remedy: 'wait',
  device: 'd',
  transient: true,
});

describe('WatchedCamera', () => {
  let inner: FrameSink;
  let calls: string[];
  let nowMs: number;
  let camera: WatchedCamera;

  beforeEach(async () => {
    calls = [];
    nowMs = 0;
    const source: Camera = {
      description: 'inner',
      size: SIZE,
      open: async (sink) => {
        inner = sink;
      },
      close: async () => {
        calls.push('close');
      },
    };
    const buffer = new Uint8Array(64 * 64 * 3);
    camera = new WatchedCamera(source, new RecordingLogger(), LIMITS);
    await camera.open({
      beginFrame: () => buffer,
      commitFrame: () => calls.push('frame'),
      onFault: (fault) => calls.push(fault.code.replace('PORTICO_CAMERA_', '')),
      onRecovery: () => calls.push('recovery'),
    });
  });

  function show(paint: (at: number) => number, times = 1): void {
    for (let turn = 0; turn < times; turn += 1) {
      const target = inner.beginFrame();
      for (let at = 0; at < target.length; at += 1) target[at] = paint(at);
      nowMs += 10;
      inner.commitFrame(monotonicMs(nowMs));
    }
  }
  const still = (at: number): number => at % 200;
  const black = (): number => 0;
  let seed = 1;
  const moving = (at: number): number => (at * 7 + seed++) % 251;

  it('passes a living picture on unchanged', () => {
    show(moving, 5);
    assert.deepEqual(calls, Array(5).fill('frame'));
  });

  it('raises a fault before the frame that shows it, clears it after the frame that proves it', () => {
    show(still, 3);
    show(moving, 2);
    assert.deepEqual(calls, ['frame', 'frame', 'FROZEN', 'frame', 'frame', 'frame', 'recovery']);
  });

  it('names a black picture black, though it is frozen too', () => {
    show(black, 4);
    assert.deepEqual(new Set(calls), new Set(['frame', 'BLACK']));
  });

  it('keeps the fault of the picture when only the camera recovers', () => {
    show(still, 3);
    inner.onFault(stalled);
    calls.length = 0;
    show(still);
    inner.onRecovery();
    assert.deepEqual(calls, ['frame', 'FROZEN']);
    show(moving, 2);
    assert.equal(calls.at(-1), 'recovery');
  });

  it('does not clear the fault of the camera when only the picture recovers', () => {
    show(still, 3);
    inner.onFault(stalled);
    calls.length = 0;
    show(moving, 2);
    assert.deepEqual(calls, ['frame', 'frame']);
    inner.onRecovery();
    assert.equal(calls.at(-1), 'recovery');
  });

  it('closes what it watches', async () => {
    await camera.close();
    assert.deepEqual(calls, ['close']);
  });
});
