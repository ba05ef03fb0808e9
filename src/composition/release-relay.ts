import { openDevices, systemClock } from '../../device/index.ts';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../domain/ports/logger.ts';

/**
 * Takes the relay, releases it and lets it go: for the moment after a gate that did not end well.
 * @returns the relay's name and what is known of it
 * @throws DeviceError when the relay cannot be had or does not confirm
 */
export async function releaseRelay(config: Config, logger: Logger): Promise<string> {
  const { relay, inputs } = await openDevices({
    camera: 'test:',
    size: { widthPx: config.camera.widthPx, heightPx: config.camera.heightPx },
    relay: config.door.relay,
    inputs: 'none:',
    maxPulseMs: config.door.maximumPulseMs,
    clock: systemClock,
    logger,
  });
  try {
    await relay.release();
    return `${relay.description}: ${await relay.state()}`;
  } finally {
    await relay.close();
    await inputs.close();
  }
}
