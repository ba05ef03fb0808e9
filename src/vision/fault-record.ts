import { PorticoError } from '../domain/errors.ts';
import type { FaultRecord } from './vision-messages.ts';

/** Whatever was thrown in a worker, as the main thread gets it. */
export function faultRecordOf(fault: unknown): FaultRecord {
  if (fault instanceof PorticoError) {
    return { code: fault.code, message: fault.message, remedy: fault.remedy };
  }
  return {
    code: 'PORTICO_VISION_FAILED',
    message: `the vision worker failed: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}`,
    remedy: 'The worker restarts by itself; report this if it comes back.',
  };
}
