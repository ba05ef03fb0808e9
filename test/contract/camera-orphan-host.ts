// Opens a camera and says so; the test then kills this process without warning.
import { writeSync } from 'node:fs';
import { parseCameraSpec } from '../../device/camera/camera-spec.ts';
import { openCamera } from '../../device/camera/open-camera.ts';
import { systemClock } from '../../device/clock/system-clock.ts';
import { RecordingLogger } from '../helpers/recording-logger.ts';
import { ProbeSink } from './camera-probe-sink.ts';

const [searchPath] = process.argv.slice(2);
const size = { widthPx: 320, heightPx: 240 };
const camera = await openCamera(parseCameraSpec('test:'), {
  clock: systemClock,
  logger: new RecordingLogger(),
  size,
  ...(searchPath === undefined ? {} : { searchPath }),
});
await camera.open(new ProbeSink(size));
writeSync(1, 'open\n');
