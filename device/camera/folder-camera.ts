import type { CameraOptions } from './camera-options.ts';
import type { DirSpec } from './camera-spec.ts';
import { FolderSource } from './folder-source.ts';
import { SupervisedCamera } from './supervised-camera.ts';

/** A folder of pictures as a camera. */
export function folderCamera(spec: DirSpec, options: Required<CameraOptions>): SupervisedCamera {
  const { size, clock, logger, limits } = options;
  const { path, loop, framesPerSecond } = spec;
  const source = new FolderSource({ path, loop, framesPerSecond, size, clock, logger });
  return new SupervisedCamera({ source, size, clock, logger, limits });
}
