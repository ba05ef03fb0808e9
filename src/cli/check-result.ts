import { PorticoError } from '../domain/errors.ts';
import type { DeviceCheck } from './composition.ts';

/** What was tried is well. */
export const passed = (part: string, detail: string): DeviceCheck => ({
  part,
  outcome: 'ok',
  detail,
  fix: '',
});

/** What was tried failed with a fault that we know. @throws anything else */
export function failed(part: string, error: unknown): DeviceCheck {
  if (!(error instanceof PorticoError)) throw error;
  return { part, outcome: 'failed', detail: error.message, fix: error.remedy };
}
