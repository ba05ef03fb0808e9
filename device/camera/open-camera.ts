import { DeviceError } from '../../src/domain/errors.ts';
import type { FrameSize } from '../../src/domain/frame.ts';
import type { Camera } from '../../src/domain/ports/camera.ts';
import type { CameraOptions } from './camera-options.ts';
import type { CameraSpec } from './camera-spec.ts';
import { DEFAULT_SEARCH_PATH } from './program-search.ts';

/**
 * Makes the driver for a specification; only that driver's code is loaded.
 * @throws PORTICO_CAMERA_SPEC if the frame size cannot be had packed, PORTICO_CAMERA_UNAVAILABLE if
 *   the driver needs a package that is not installed
 */
export async function openCamera(spec: CameraSpec, options: CameraOptions): Promise<Camera> {
  requireFrameSize(options.size);
  const camera = await driverFor(spec, {
    searchPath: DEFAULT_SEARCH_PATH,
    limits: {},
    health: {},
    importPackage: (name) => import(name),
    ...options,
  });
  if (!isWatched(spec)) return camera;
  const { WatchedCamera } = await import('./watched-camera.ts');
  return new WatchedCamera(camera, options.logger, options.health);
}

async function driverFor(spec: CameraSpec, options: Required<CameraOptions>): Promise<Camera> {
  switch (spec.driver) {
    case 'v4l2':
    case 'csi':
    case 'rtsp':
    case 'file':
    case 'test': {
      const { childCamera } = await import('./child-camera.ts');
      return childCamera(spec, options);
    }
    case 'dir': {
      const { folderCamera } = await import('./folder-camera.ts');
      return folderCamera(spec, options);
    }
    case 'libcamera': {
      const { libcameraCamera } = await import('./libcamera-camera.ts');
      return libcameraCamera(spec, options);
    }
  }
}

function isWatched(spec: CameraSpec): boolean {
  if (spec.health !== 'auto') return spec.health === 'on';
  return !['file', 'dir', 'test'].includes(spec.driver);
}

/** GStreamer pads rows of RGB to four bytes; only such widths come out packed. */
function requireFrameSize(size: FrameSize): void {
  const { widthPx, heightPx } = size;
  const isUsable =
    Number.isInteger(widthPx) &&
    Number.isInteger(heightPx) &&
    widthPx % 4 === 0 &&
    heightPx % 2 === 0 &&
    Math.min(widthPx, heightPx) >= 64 &&
    Math.max(widthPx, heightPx) <= 4096;
  if (isUsable) return;
  throw new DeviceError('PORTICO_CAMERA_SPEC', {
    message: `frame size ${widthPx}x${heightPx} cannot be had`,
    remedy: 'Choose a width divisible by 4 and an even height, both from 64 to 4096.',
    device: 'camera',
    transient: false,
  });
}
