import type { MonotonicMs } from './units.ts';

/**
 * The order of somebody entitled to open the door from afar. Whoever hands it to the door has proved that
 * it is genuine, new and meant for this gate; the door still has its own conditions.
 */
export interface OperatorOrder {
  readonly kind: 'operator-order';
  /** Who gave it: an administrator's key id, or the name of a way in that the configuration allows. */
  readonly by: string;
  readonly receivedAtMs: MonotonicMs;
  /** Default: the door's. */
  readonly pulseMs?: number;
}
