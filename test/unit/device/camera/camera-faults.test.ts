import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parseCameraSpec } from '../../../../device/camera/camera-spec.ts';
import { childFailure } from '../../../../device/camera/child-failure.ts';
import { openCamera } from '../../../../device/camera/open-camera.ts';
import { findProgram, requireProgram } from '../../../../device/camera/program-search.ts';
import { listVideoDevices, requireVideoDevice } from '../../../../device/camera/v4l2-devices.ts';
import { WatchedCamera } from '../../../../device/camera/watched-camera.ts';
import { FakeClock } from '../../../helpers/fake-clock.ts';
import { RecordingLogger } from '../../../helpers/recording-logger.ts';

describe('childFailure', () => {
  it('turns the words of the programs into something to do', () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ['WARNING: erroneous pipeline: no element "nvarguscamerasrc"', /nvidia-l4t-gstreamer/],
      ['no element "jpegdec"', /plugins-good/],
      ['Could not open device /dev/video0: Device or resource busy', /fuser/],
      ['Cannot open /dev/video0: Permission denied', /usermod -aG video/],
      ['Server returned 401 Unauthorized', /user and password/],
      ['streaming stopped, reason not-negotiated (-4)', /v4l2-ctl/],
      ['Could not open resource for reading and writing. | Failed to connect.', /reachable/],
      ['moov atom not found', /no readable clip/],
    ];
    for (const [words, remedy] of cases) {
      const fault = childFailure('a camera', '/dev/video0', 'exit code 1', words);
      assert.match(fault.remedy, remedy);
      assert.ok(fault.message.includes(words));
      assert.equal(fault.transient, true);
    }
  });

  it('admits that a program said nothing', () => {
    assert.match(childFailure('a camera', 'd', 'signal SIGKILL', '').message, /said nothing/);
  });
});

describe('the programs and devices of a camera', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'portico-devices-'));
    for (const name of ['video10', 'video2', 'video0', 'videotape', 'null']) {
      writeFileSync(join(folder, name), '', { mode: 0o644 });
    }
    writeFileSync(join(folder, 'runs'), '', { mode: 0o755 });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are found only when they can be run', () => {
    assert.equal(findProgram('runs', `/nowhere:${folder}`), join(folder, 'runs'));
    assert.equal(findProgram('video0', folder), undefined);
    assert.equal(findProgram('runs', ''), undefined);
  });

  it('name the package to install when a program is missing', () => {
    assert.throws(() => requireProgram('gst-launch-1.0', folder, 'd'), {
      code: 'PORTICO_CAMERA_UNAVAILABLE',
      remedy: /apt install gstreamer1\.0-tools/,
      transient: false,
    });
  });

  it('are listed in the order of their numbers', () => {
    assert.deepEqual(
      listVideoDevices(folder),
      ['video0', 'video2', 'video10'].map((name) => join(folder, name)),
    );
  });

  it('are refused when they are no devices, with those that are there', () => {
    assert.throws(() => requireVideoDevice(join(folder, 'video0')), {
      code: 'PORTICO_CAMERA_UNAVAILABLE',
      message: /no such video device \(present: /,
      transient: true,
    });
  });
});

describe('openCamera', () => {
  const options = { clock: new FakeClock(), logger: new RecordingLogger() };

  it('refuses a frame size that would not come out packed', async () => {
    for (const [widthPx, heightPx] of [
      [642, 480],
      [640, 481],
      [32, 32],
      [8192, 64],
      [640.5, 480],
    ]) {
      await assert.rejects(
        openCamera(parseCameraSpec('test:'), {
          ...options,
          size: { widthPx: widthPx!, heightPx: heightPx! },
        }),
        { code: 'PORTICO_CAMERA_SPEC' },
      );
    }
  });

  it('watches the picture of live cameras, of replays only on request', async () => {
    const isWatched = async (spec: string): Promise<boolean> => {
      const size = { widthPx: 640, heightPx: 480 };
      const camera = await openCamera(parseCameraSpec(spec), { ...options, size });
      return camera instanceof WatchedCamera;
    };
    assert.equal(await isWatched('v4l2:/dev/video0'), true);
    assert.equal(await isWatched('csi:0'), true);
    assert.equal(await isWatched('rtsp://cam/live'), true);
    assert.equal(await isWatched('v4l2:/dev/video0?health=off'), false);
    assert.equal(await isWatched('test:'), false);
    assert.equal(await isWatched('dir:frames'), false);
    assert.equal(await isWatched('file:clip.mp4?health=on'), true);
  });
});
