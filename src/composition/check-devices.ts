import { createCamera, openDevices, systemClock } from '../../device/index.ts';
import { failed, passed } from '../cli/check-result.ts';
import type { DeviceCheck } from '../cli/composition.ts';
import type { Config } from '../config/schema.ts';
import { frameBytes } from '../domain/frame.ts';
import type { Camera, FrameSink } from '../domain/ports/camera.ts';
import type { Logger } from '../domain/ports/logger.ts';

/** Tries the camera for one frame and the relay for its state; energises nothing. */
export async function checkDevices(
  config: Config,
  logger: Logger,
): Promise<readonly DeviceCheck[]> {
  return [await checkCamera(config, logger), ...(await checkDoor(config, logger))];
}

export const configuredCamera = ({ camera }: Config, logger: Logger): Promise<Camera> =>
  createCamera(camera.source, {
    size: { widthPx: camera.widthPx, heightPx: camera.heightPx },
    clock: systemClock,
    logger,
  });

async function checkCamera(config: Config, logger: Logger): Promise<DeviceCheck> {
  const part = 'camera';
  let camera: Camera | undefined;
  try {
    camera = await configuredCamera(config, logger);
    const beganMs = systemClock.now();
    await camera.open(new OneBuffer(frameBytes(camera.size)));
    const tookMs = Math.round(systemClock.now() - beganMs);
    return passed(part, `${camera.description}; first frame after ${tookMs} ms`);
  } catch (error) {
    return failed(part, error);
  } finally {
    await camera?.close();
  }
}

async function checkDoor(config: Config, logger: Logger): Promise<readonly DeviceCheck[]> {
  const isSimulated = config.door.relay.startsWith('simulated:');
  try {
    const { relay, inputs } = await openDevices({
      camera: 'test:',
      size: { widthPx: config.camera.widthPx, heightPx: config.camera.heightPx },
      relay: config.door.relay,
      inputs: config.door.inputs,
      maxPulseMs: config.door.maximumPulseMs,
      clock: systemClock,
      logger,
    });
    try {
      const detail = `${relay.description}: ${await relay.state()}`;
      const check: DeviceCheck = isSimulated
        ? {
            part: 'relay',
            outcome: 'warning',
            detail,
            fix: 'Set door.relay to the relay of the door.',
          }
        : passed('relay', detail);
      return [check, passed('door inputs', inputs.description)];
    } finally {
      await relay.close();
      await inputs.close();
    }
  } catch (error) {
    return [failed('relay', error)];
  }
}

/** Frames are written and forgotten. */
class OneBuffer implements FrameSink {
  readonly #buffer: Uint8Array;

  constructor(bytes: number) {
    this.#buffer = new Uint8Array(bytes);
  }

  beginFrame(): Uint8Array {
    return this.#buffer;
  }
  commitFrame(): void {}
  onFault(): void {}
  onRecovery(): void {}
}
