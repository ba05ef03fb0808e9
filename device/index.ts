import type { FrameSize } from '../src/domain/frame.ts';
import type { Camera } from '../src/domain/ports/camera.ts';
import type { Clock } from '../src/domain/ports/clock.ts';
import type { DoorInputs } from '../src/domain/ports/door-inputs.ts';
import type { Logger } from '../src/domain/ports/logger.ts';
import type { Relay } from '../src/domain/ports/relay.ts';
import { parseCameraSpec } from './camera/camera-spec.ts';
import { openCamera } from './camera/open-camera.ts';
import { createDoorInputs } from './input/create-door-inputs.ts';
import { openRelay } from './relay/open-relay.ts';

export { drawFrames } from './camera/draw-frames.ts';
export { SceneCamera } from './camera/scene-camera.ts';
export type { SceneActor } from './camera/scene-renderer.ts';
export {
  approachScene,
  DEFAULT_APPROACH,
  DEMO_FACES,
  type DemoPerson,
  emptyScene,
} from './camera/scene-scripts.ts';
export { listVideoDevices } from './camera/v4l2-devices.ts';
export { systemChance } from './chance/system-chance.ts';
export { systemClock } from './clock/system-clock.ts';
export { parseInputSpec } from './input/input-spec.ts';
export { LinuxSensors } from './machine/linux-sensors.ts';
export { parseRelaySpec } from './relay/relay-spec.ts';
export { openWatchdog } from './watchdog/open-watchdog.ts';
export { parseCameraSpec };

export interface DeviceSettings {
  readonly camera: string;
  readonly size: FrameSize;
  readonly relay: string;
  readonly inputs: string;
  readonly maxPulseMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Devices {
  readonly camera: Camera;
  readonly relay: Relay;
  readonly inputs: DoorInputs;
}

/** Makes one camera that is not open yet. @throws PORTICO_CAMERA_SPEC, PORTICO_CAMERA_UNAVAILABLE */
export const createCamera = (
  spec: string,
  options: Pick<DeviceSettings, 'size' | 'clock' | 'logger'>,
): Promise<Camera> => openCamera(parseCameraSpec(spec), options);

/**
 * The peripherals of one door; only the drivers named are loaded. The relay is open and released.
 * @throws DeviceError of the device that cannot be had
 */
export async function openDevices(
  settings: DeviceSettings & { readonly givenCamera?: Camera | undefined },
): Promise<Devices> {
  const { clock, logger } = settings;
  const camera = settings.givenCamera ?? (await createCamera(settings.camera, settings));
  const inputs = await createDoorInputs(settings.inputs, { clock, logger });
  const { maxPulseMs } = settings;
  const relay = await openRelay(settings.relay, { clock, logger, maxPulseMs });
  return { camera, relay, inputs };
}
