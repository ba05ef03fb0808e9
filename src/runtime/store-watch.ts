import type { ErrorCode } from '../domain/errors.ts';
import type { Gallery } from '../gallery/gallery.ts';
import type { Store } from '../gallery/store.ts';
import { asFault } from './as-fault.ts';
import type { FaultBoard } from './fault-board.ts';

/** These pass when another process lets go, or when there is room again. */
const PASSING: readonly ErrorCode[] = ['PORTICO_STORE_LOCKED', 'PORTICO_STORE_WRITE'];

/**
 * Follows the roster, and withdraws trust from a store that fails. A fault that may pass is forgotten
 * at the next good read; a store once found damaged or under a foreign key stays distrusted until
 * somebody has looked and the gate is started again.
 */
export class StoreWatch {
  readonly #store: Store;
  readonly #faults: FaultBoard;
  readonly #onGallery: (gallery: Gallery) => void;
  #gallery: Gallery | undefined;
  #isCondemned = false;

  /** @param onGallery  told of every new gallery; must not throw */
  constructor(store: Store, faults: FaultBoard, onGallery: (gallery: Gallery) => void) {
    this.#store = store;
    this.#faults = faults;
    this.#onGallery = onGallery;
  }

  /** Who may be recognised; nobody while the store is not trusted. */
  get gallery(): Gallery | undefined {
    return this.#gallery;
  }

  /** Cheap when nothing changed; made for polling. Never throws. */
  follow(): void {
    if (this.#isCondemned) return;
    this.read((store) => {
      if (this.#gallery === undefined || store.hasChangedSince(this.#gallery)) {
        this.#gallery = store.snapshot();
        this.#onGallery(this.#gallery);
      }
    });
  }

  /** @returns undefined when the store failed; that is then known and reported */
  read<Value>(work: (store: Store) => Value): Value | undefined {
    try {
      return work(this.#store);
    } catch (error) {
      this.distrust(error);
      return undefined;
    }
  }

  /** The store failed somewhere: nobody is in the gallery until it is read well again. */
  distrust(error: unknown): void {
    const fault = asFault(error);
    this.#gallery = undefined;
    if (!PASSING.includes(fault.code)) this.#isCondemned = true;
    this.#faults.raise(fault);
  }

  /** The store takes events and gives the roster again. */
  noteHealth(): void {
    if (this.#gallery !== undefined) this.#faults.clear(...PASSING);
  }
}
