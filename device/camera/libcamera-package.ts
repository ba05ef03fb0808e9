import { DeviceError } from '../../src/domain/errors.ts';
import type { LibcameraArguments } from './libcamera-arguments.ts';

/** The one function of node-libcamera that is used: runs `libcamera-vid` until it ends. */
export type RunVideo = (options: LibcameraArguments) => Promise<unknown>;

const PACKAGE = 'node-libcamera';

/**
 * Loads the optional package node-libcamera.
 * @throws PORTICO_CAMERA_UNAVAILABLE with the command that installs it
 */
export async function loadLibcamera(
  importPackage: (name: string) => Promise<unknown>,
  device: string,
): Promise<RunVideo> {
  let loaded: unknown;
  try {
    loaded = await importPackage(PACKAGE);
  } catch (cause) {
    throw missing('the package node-libcamera is not installed', device, cause);
  }
  const run = functionNamed('vid', loaded) ?? functionNamed('vid', property('default', loaded));
  if (run === undefined) throw missing('the package node-libcamera has no function vid', device);
  return async (options) => run(options);
}

function missing(message: string, device: string, cause?: unknown): DeviceError {
  return new DeviceError('PORTICO_CAMERA_UNAVAILABLE', {
    message: `camera ${device}: ${message}`,
    remedy:
      'On a Raspberry Pi: npm install --no-save node-libcamera@1.0.6, and sudo apt install libcamera-apps',
    device,
    transient: false,
    cause,
  });
}

function property(name: string, holder: unknown): unknown {
  const isHolder = typeof holder === 'object' || typeof holder === 'function';
  return isHolder && holder !== null ? Reflect.get(holder, name) : undefined;
}

function functionNamed(
  name: string,
  holder: unknown,
): ((options: LibcameraArguments) => unknown) | undefined {
  const found = property(name, holder);
  return typeof found === 'function'
    ? (options) => Reflect.apply(found, holder, [options])
    : undefined;
}
