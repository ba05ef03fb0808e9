import type { PorticoError } from '../domain/errors.ts';
import { asFault } from './as-fault.ts';

/** Those who look on. What one of them throws is a fault to be shown, and stops nobody. */
export class Watchers<Watcher> {
  readonly #watchers = new Set<Watcher>();
  readonly #onFault: (fault: PorticoError) => void;

  constructor(onFault: (fault: PorticoError) => void) {
    this.#onFault = onFault;
  }

  /** @returns a function that ends it */
  add(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  tell(news: (watcher: Watcher) => void): void {
    for (const watcher of this.#watchers) this.shield(() => news(watcher));
  }

  shield(task: () => void): void {
    try {
      task();
    } catch (error) {
      this.#onFault(asFault(error));
    }
  }
}
