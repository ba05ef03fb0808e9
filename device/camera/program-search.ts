import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { DeviceError } from '../../src/domain/errors.ts';

/** Fixed rather than taken from the environment: what runs beside the door is not for the caller to choose. */
export const DEFAULT_SEARCH_PATH = '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin';

/** Debian and Ubuntu packages that bring each program. */
const PACKAGES: Readonly<Record<string, string>> = {
  'gst-launch-1.0':
    'gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad',
  ffmpeg: 'ffmpeg',
};

/** @returns the absolute path of an executable in the search path, or undefined */
export function findProgram(name: string, searchPath: string): string | undefined {
  return searchPath
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** @throws PORTICO_CAMERA_UNAVAILABLE with the command that installs the program */
export function requireProgram(name: string, searchPath: string, device: string): string {
  const path = findProgram(name, searchPath);
  if (path !== undefined) return path;
  throw new DeviceError('PORTICO_CAMERA_UNAVAILABLE', {
    message: `camera ${device}: the program ${name} is not installed`,
    remedy: `Install it: sudo apt install ${PACKAGES[name] ?? name}`,
    device,
    transient: false,
  });
}

/** @returns the major version of ffmpeg; 0 when it is absent; Infinity for a build without a number */
export async function ffmpegMajorVersion(searchPath: string): Promise<number> {
  const program = findProgram('ffmpeg', searchPath);
  if (program === undefined) return 0;
  const { stdout } = await promisify(execFile)(program, ['-version']);
  const [, major] = /^ffmpeg version n?(\d+)\./.exec(stdout) ?? [];
  return major === undefined ? Number.POSITIVE_INFINITY : Number(major);
}
