import { type RandomSource, seededRandom } from '../../src/numeric/random.ts';

/** Of so many people some are in and some are out; who went may come back. */
const POOL = 120;

/** Whom a roster should hold while people come and go, drawn from a seed. */
export class RosterChurn {
  readonly #prefix: string;
  readonly #random: RandomSource;
  readonly #expected = new Set<string>();
  added = 0;
  removed = 0;

  constructor(prefix: string, seed: number) {
    this.#prefix = prefix;
    this.#random = seededRandom(seed);
  }

  get expected(): ReadonlySet<string> {
    return this.#expected;
  }

  /** Somebody who comes or goes next, already as it should be afterwards. */
  draw(): { readonly identityId: string; readonly serial: number; readonly isIn: boolean } {
    const serial = Math.floor(this.#random() * POOL);
    const identityId = `${this.#prefix}-${serial}`;
    const isIn = !this.#expected.delete(identityId);
    if (isIn) this.#expected.add(identityId);
    this.added += isIn ? 1 : 0;
    this.removed += isIn ? 0 : 1;
    return { identityId, serial, isIn };
  }
}
