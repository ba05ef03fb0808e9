import type { GateEvent } from '../domain/events.ts';
import type { OperatorOrder } from '../domain/operator-order.ts';
import type { ContactState } from '../domain/ports/door-inputs.ts';

/** The door as Home Assistant is shown it. */
export interface HomeDoor {
  readonly state: string;
  readonly contact: ContactState;
  readonly isLockedDown: boolean;
  readonly unlockedUntilMs: number | undefined;
}

export type HomeOpening =
  | { readonly outcome: 'opened' }
  | { readonly outcome: 'refused'; readonly because: string };

/** What Home Assistant may see of the gate and ask of it. */
export interface HomeGate {
  openByOrder(order: OperatorOrder): Promise<HomeOpening>;
  /** Ends a running pulse. */
  relock(): Promise<void>;
  /** @throws PORTICO_STORE_* when the lock-down holds, but would not outlive a restart */
  lockDown(): Promise<void>;
  /** @throws PORTICO_STORE_* */
  liftLockDown(): void;
  /** Into the gate's numbered events. */
  report(event: GateEvent): void;
  /** Codes of the faults that hold now. */
  faultCodes(): readonly string[];
}
