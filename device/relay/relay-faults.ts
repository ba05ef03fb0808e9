import { DeviceError } from '../../src/domain/errors.ts';

/** A pulse that must not be given: too long, too often, or while another lasts. */
export function refusedPulse(device: string, detail: string): DeviceError {
  return new DeviceError('PORTICO_RELAY_REFUSED', {
    message: `${device}: pulse refused: ${detail}`,
    remedy: 'Wait for the pulse to end, or correct the pulse length in the configuration.',
    device,
    transient: true,
  });
}

/** The output did not do as it was told. */
export function failedWrite(device: string, detail: string, cause?: unknown): DeviceError {
  return new DeviceError('PORTICO_RELAY_WRITE', {
    message: `${device}: ${detail}`,
    remedy: 'Check wiring and power of the relay; run portico doctor.',
    device,
    transient: true,
    cause,
  });
}

export function unavailableRelay(
  device: string,
  detail: string,
  rest: { readonly remedy: string; readonly transient: boolean; readonly cause?: unknown },
): DeviceError {
  return new DeviceError('PORTICO_RELAY_UNAVAILABLE', {
    message: `${device}: ${detail}`,
    device,
    ...rest,
  });
}

/** Why a duration is no pulse; undefined when it is one. */
export function pulseObjection(durationMs: number, maxPulseMs: number): string | undefined {
  if (!Number.isInteger(durationMs) || durationMs < 1) {
    return `${durationMs} ms is not a whole positive number of milliseconds`;
  }
  return durationMs > maxPulseMs
    ? `${durationMs} ms is above the limit of ${maxPulseMs} ms`
    : undefined;
}
