import { systemClock as clock } from '../../device/clock/system-clock.ts';
import { type RandomSource, seededRandom } from '../../src/numeric/random.ts';
import type { SoakedSite } from './soaked-site.ts';

/** `stopped` saves its database; `killed` loses the last minute of it; `emptied` loses all of it. */
export type BrokerLoss = 'stopped' | 'killed' | 'emptied';

const KINDS: readonly BrokerLoss[] = ['stopped', 'killed', 'killed', 'emptied'];
const AWAY_MS = { from: 1_000, to: 20_000 } as const;
/** A cut of more than a minute is a fault that the gate reports, and takes back. */
const LONG_CUT = { oneIn: 8, ms: 75_000 } as const;

/** The broker goes and comes again, drawn from a seed. */
export class BrokerLosses {
  readonly #site: SoakedSite;
  readonly #random: RandomSource = seededRandom(11);
  readonly counts: Record<BrokerLoss, number> = { stopped: 0, killed: 0, emptied: 0 };
  #isAway = false;
  #awayMs = 0;

  constructor(site: SoakedSite) {
    this.#site = site;
  }

  get isAway(): boolean {
    return this.#isAway;
  }

  get awaySeconds(): number {
    return this.#awayMs / 1_000;
  }

  /** Until it is back, its desks have found it, and what it lost was published again. */
  async lose(): Promise<BrokerLoss> {
    const { broker } = this.#site.bench;
    const kind = KINDS[Math.floor(this.#random() * KINDS.length)] ?? 'stopped';
    const isLong = this.#random() < 1 / LONG_CUT.oneIn;
    const shortMs = AWAY_MS.from + this.#random() * (AWAY_MS.to - AWAY_MS.from);
    const beganMs = clock.now();
    this.#isAway = true;
    if (kind === 'stopped') await broker.stop();
    else await broker.kill();
    if (kind === 'emptied') broker.forgetDatabase();
    await clock.sleep(isLong ? LONG_CUT.ms : shortMs);
    await broker.run();
    this.#awayMs += clock.now() - beganMs;
    await this.#site.connected();
    if (kind !== 'stopped') await this.#site.refill();
    this.#isAway = false;
    this.counts[kind] += 1;
    return kind;
  }
}
