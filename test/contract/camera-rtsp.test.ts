import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { cameraContract } from './camera.contract.ts';
import { startRtspServer } from './camera-rtsp-server.ts';
import { linkPrograms, make, missing, SIZE } from './camera-subjects.ts';

const folder = mkdtempSync(join(tmpdir(), 'portico-rtsp-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const programs = missing('ffmpeg', 'gst-launch-1.0');
const server =
  programs.skip === undefined ? await startRtspServer('door', "it's a p@ss") : undefined;
after(() => server?.close());
const stream = `rtsp://door:it%27s%20a%20p%40ss@127.0.0.1:${server?.port ?? 1}/live?channel=1`;

cameraContract('a network camera through ffmpeg', {
  size: SIZE,
  framesPerSecond: 15,
  hasChild: true,
  isMoving: true,
  make: () => make(stream),
  makeAbsent: () => make(stream.replace('it%27s', 'wrong')),
  ...programs,
});

const searchPath = linkPrograms(folder, 'gst-launch-1.0', 'setpriv');
cameraContract('a network camera through GStreamer', {
  size: SIZE,
  framesPerSecond: 15,
  hasChild: true,
  isMoving: true,
  make: () => make(stream, { searchPath }),
  makeAbsent: () => make(stream.replace('it%27s', 'wrong'), { searchPath }),
  ...programs,
});
