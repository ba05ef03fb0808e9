import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { listVideoDevices } from '../../device/camera/v4l2-devices.ts';
import { cameraContract } from './camera.contract.ts';
import { installLibcameraVid, libcameraPackageDouble } from './camera-libcamera-double.ts';
import { has, linkPrograms, make, missing, SIZE } from './camera-subjects.ts';
import { makeClip, makeFolder } from './camera-test-picture.ts';

const PATH_NAME = 'PATH';
const folder = mkdtempSync(join(tmpdir(), 'portico-contract-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const clip = has('ffmpeg') ? makeClip(folder, 4) : '';
const frames = has('ffmpeg') ? makeFolder(folder) : '';

cameraContract('the test pattern of GStreamer', {
  size: SIZE,
  framesPerSecond: 30,
  hasChild: true,
  isMoving: true,
  make: () => make('test:?fps=30'),
  makeAbsent: () => make('test:', { searchPath: '/nowhere' }),
  ...missing('gst-launch-1.0'),
});

cameraContract('a clip through ffmpeg', {
  size: SIZE,
  framesPerSecond: 15,
  hasChild: true,
  isMoving: true,
  make: () => make(`file:${clip}?loop=1`),
  makeAbsent: () => make('file:/nowhere/clip.mp4?loop=1'),
  ...missing('ffmpeg'),
});

const gstreamerOnly = linkPrograms(folder, 'gst-launch-1.0', 'setpriv');

cameraContract('a clip through GStreamer', {
  size: SIZE,
  framesPerSecond: 15,
  hasChild: true,
  isMoving: true,
  make: () => make(`file:${clip}?loop=1`, { searchPath: gstreamerOnly }),
  makeAbsent: () => make('file:/nowhere/clip.mp4?loop=1', { searchPath: gstreamerOnly }),
  ...missing('ffmpeg', 'gst-launch-1.0'),
});

cameraContract('a folder of pictures', {
  size: SIZE,
  framesPerSecond: 12,
  hasChild: false,
  isMoving: true,
  make: () => make(`dir:${frames}?fps=12&loop=1`),
  makeAbsent: () => make('dir:/nowhere?loop=1'),
  ...missing('ffmpeg'),
});

// node-libcamera looks for its programs by the environment's PATH.
if (has('ffmpeg')) {
  const path = process.env[PATH_NAME] ?? '';
  process.env[PATH_NAME] = `${installLibcameraVid(folder, frames)}:${path}`;
}
const importPackage = async (): Promise<unknown> => libcameraPackageDouble;

cameraContract('node-libcamera (a double of package and program)', {
  size: SIZE,
  framesPerSecond: 10,
  hasChild: true,
  isMoving: true,
  make: () => make('libcamera:0?fps=10&health=off', { importPackage }),
  makeAbsent: () => make('libcamera:3?fps=10', { importPackage }),
  ...missing('ffmpeg'),
});

const [device] = listVideoDevices();
cameraContract('a V4L2 device', {
  size: SIZE,
  framesPerSecond: 30,
  hasChild: true,
  isMoving: false,
  make: () => make(`v4l2:${device ?? '/dev/video0'}?health=off`),
  makeAbsent: () => make('v4l2:/dev/video-none'),
  ...(device === undefined
    ? { skip: 'needs hardware: there is no /dev/video* here' }
    : missing('gst-launch-1.0')),
});

const argus = has('nvargus-daemon')
  ? {}
  : { skip: 'needs hardware: no Jetson camera service here (nvargus-daemon)' };
cameraContract('a Jetson CSI sensor', {
  size: SIZE,
  framesPerSecond: 30,
  hasChild: true,
  isMoving: false,
  make: () => make('csi:0?health=off'),
  makeAbsent: () => make('csi:15'),
  ...argus,
});
