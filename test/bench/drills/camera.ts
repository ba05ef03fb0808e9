import type { Drill } from '../drill.ts';
import { says } from '../stand.ts';
import { endure } from './endure.ts';

const CAMERA_CODES = ['PORTICO_CAMERA_STALLED', 'PORTICO_CAMERA_UNAVAILABLE'];
const HARDWARE = '/mnt/bench/programs/hardware';
const isNoticed = says(...CAMERA_CODES);

export const readerHung: Drill = {
  name: 'reader-hung',
  fault: "the camera's reader hangs without an error (SIGSTOP)",
  run: (stand) =>
    endure(stand, {
      inflict: 'pkill -STOP -x gst-launch-1.0',
      isNoticed,
      noticedWithinS: 20,
      restoredWithinS: 90,
    }),
};

export const cameraSilent: Drill = {
  name: 'camera-silent',
  fault: 'the camera stays, and sends no more frames',
  run: (stand) =>
    endure(stand, {
      inflict: 'systemctl kill -s STOP bench-feeder',
      isNoticed,
      noticedWithinS: 30,
      mend: 'systemctl kill -s CONT bench-feeder',
      restoredWithinS: 120,
    }),
};

export const cameraUnplugged: Drill = {
  name: 'camera-unplugged',
  fault: 'the camera is pulled out; its device is gone, and comes back',
  run: (stand) =>
    endure(stand, {
      inflict: `${HARDWARE} camera-out`,
      isNoticed: says('PORTICO_CAMERA_UNAVAILABLE'),
      noticedWithinS: 60,
      mend: `${HARDWARE} camera-in`,
      restoredWithinS: 120,
    }),
};
