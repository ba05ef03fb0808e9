import type { Door, OpenRefusal } from '../access/door.ts';
import type { DoorStatus } from '../access/door-status.ts';
import { grantedEvent } from '../decision/granted-event.ts';
import type { Grant } from '../domain/decision.ts';
import type { OperatorOrder } from '../domain/operator-order.ts';
import type { Store } from '../gallery/store.ts';
import type { ClockTrust } from './clock-trust.ts';
import type { EventJournal } from './event-journal.ts';
import type { StoreWatch } from './store-watch.ts';

export interface DoorKeeperParts {
  readonly store: Pick<Store, 'setting' | 'setSetting'>;
  readonly storeWatch: StoreWatch;
  readonly clockTrust: ClockTrust;
  readonly journal: EventJournal;
  readonly openDoor: (isLockedDown: boolean) => Promise<Door>;
}

/** 'store-fault': what cannot be recorded does not happen. */
export type Entry =
  | { readonly outcome: 'opened' }
  | { readonly outcome: 'refused'; readonly because: OpenRefusal | 'store-fault' };

const LOCK_DOWN_SETTING = 'lock-down';

/** The door and its memory: nobody enters who could not be recorded, and a lock-down outlives a restart. */
export class DoorKeeper {
  readonly #parts: DoorKeeperParts;
  readonly #door: Door;

  private constructor(parts: DoorKeeperParts, door: Door) {
    this.#parts = parts;
    this.#door = door;
  }

  /** @throws PORTICO_STORE_*, PORTICO_CONFIG_INVALID */
  static async open(parts: DoorKeeperParts): Promise<DoorKeeper> {
    const isLockedDown = parts.store.setting(LOCK_DOWN_SETTING) === 'in-force';
    return new DoorKeeper(parts, await parts.openDoor(isLockedDown));
  }

  status(): DoorStatus {
    return this.#door.status();
  }

  async openFor(grant: Grant): Promise<Entry> {
    if (!this.#canRecord()) return { outcome: 'refused', because: 'store-fault' };
    const outcome = await this.#door.open(grant);
    if (outcome.outcome === 'refused') return outcome;
    this.#parts.journal.append(grantedEvent(grant, outcome.energisedAtMs));
    return { outcome: 'opened' };
  }

  async openByOrder(order: OperatorOrder): Promise<Entry> {
    if (!this.#canRecord()) return { outcome: 'refused', because: 'store-fault' };
    const outcome = await this.#door.openByOrder(order);
    return outcome.outcome === 'refused' ? outcome : { outcome: 'opened' };
  }

  relock(): Promise<void> {
    return this.#door.relock();
  }

  /**
   * The door first: a store that fails must not keep it open.
   * @throws PORTICO_STORE_* when the lock-down holds, but would not outlive a restart
   */
  async lockDown(): Promise<void> {
    const secured = this.#door.lockDown();
    try {
      this.#parts.store.setSetting(LOCK_DOWN_SETTING, 'in-force');
    } finally {
      await secured;
    }
  }

  /** @throws PORTICO_STORE_* when that cannot be noted; the lock-down then stays */
  liftLockDown(): void {
    this.#parts.store.setSetting(LOCK_DOWN_SETTING, 'lifted');
    this.#door.liftLockDown();
  }

  close(): Promise<void> {
    return this.#door.close();
  }

  /** The store is written to before the relay is. */
  #canRecord(): boolean {
    const { storeWatch, clockTrust } = this.#parts;
    const noted = storeWatch.read(() => {
      clockTrust.note();
      return true;
    });
    return noted === true;
  }
}
