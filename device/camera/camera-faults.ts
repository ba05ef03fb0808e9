import { DeviceError } from '../../src/domain/errors.ts';
import type { FrameSource } from './frame-source.ts';

type Named = Pick<FrameSource, 'description' | 'device' | 'atEnd'>;

/** Frames stopped, or never began, and nobody said why. */
export function stalled(source: Named, silentMs: number, lastWords: string): DeviceError {
  const said = lastWords === '' ? '' : `; it last said: ${lastWords}`;
  return new DeviceError('PORTICO_CAMERA_STALLED', {
    message: `${source.description}: no frame for ${(silentMs / 1000).toFixed(1)} s${said}`,
    remedy: 'Check cable, power and network of the camera; it is started again by itself.',
    device: source.device,
    transient: true,
    context: { silentMs: Math.round(silentMs) },
  });
}

/** A clip or a folder is over. */
export function materialEnded(source: Named): DeviceError {
  return new DeviceError('PORTICO_CAMERA_UNAVAILABLE', {
    message: `${source.description}: the material has ended`,
    remedy: 'Add loop=1 to the camera specification to play it again and again.',
    device: source.device,
    transient: source.atEnd === 'start-over',
  });
}

/** `open` at a moment when it cannot be. */
export function notNow(source: Named, what: string): DeviceError {
  return new DeviceError('PORTICO_CAMERA_UNAVAILABLE', {
    message: `${source.description}: ${what}`,
    remedy: 'Close the camera before it is opened again.',
    device: source.device,
    transient: true,
  });
}
