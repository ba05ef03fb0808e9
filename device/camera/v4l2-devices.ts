import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { DeviceError } from '../../src/domain/errors.ts';

/** @returns `/dev/video*`, in order of their numbers */
export function listVideoDevices(folder = '/dev'): readonly string[] {
  const number = (name: string): number => Number(name.slice('video'.length));
  return readdirSync(folder)
    .filter((name) => /^video\d+$/.test(name))
    .sort((left, right) => number(left) - number(right))
    .map((name) => `${folder}/${name}`);
}

/** @throws PORTICO_CAMERA_UNAVAILABLE when the device is absent, no device, or not for this user */
export function requireVideoDevice(device: string): void {
  const fault = (message: string, remedy: string): DeviceError =>
    new DeviceError('PORTICO_CAMERA_UNAVAILABLE', {
      message: `camera ${device}: ${message}`,
      remedy,
      device,
      transient: true,
    });
  if (statSync(device, { throwIfNoEntry: false })?.isCharacterDevice() !== true) {
    const present = listVideoDevices();
    const list = present.length === 0 ? 'none' : present.join(', ');
    throw fault(
      `there is no such video device (present: ${list})`,
      present.length === 0
        ? 'Plug the camera in; `lsusb` and `dmesg` show whether the kernel sees it.'
        : `Choose one of: ${list}`,
    );
  }
  try {
    accessSync(device, constants.R_OK | constants.W_OK);
  } catch {
    throw fault('this user may not open it', 'sudo usermod -aG video <user>, then log in again.');
  }
}
