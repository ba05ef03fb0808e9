import type { CameraOptions } from './camera-options.ts';
import type { LibcameraSpec } from './camera-spec.ts';
import { loadLibcamera } from './libcamera-package.ts';
import { LibcameraSource } from './libcamera-source.ts';
import { SupervisedCamera } from './supervised-camera.ts';

/**
 * A Pi-class camera through the optional package node-libcamera.
 * @throws PORTICO_CAMERA_UNAVAILABLE if the package is not installed
 */
export async function libcameraCamera(
  spec: LibcameraSpec,
  options: Required<CameraOptions>,
): Promise<SupervisedCamera> {
  const { size, clock, logger, limits, importPackage } = options;
  const runVideo = await loadLibcamera(importPackage, `libcamera:${spec.index}`);
  const source = new LibcameraSource({ spec, size, clock, runVideo });
  return new SupervisedCamera({ source, size, clock, logger, limits });
}
