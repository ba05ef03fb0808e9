import type { Stand } from './stand.ts';

/** What came of a drill; times in seconds of the machine's clock. */
export interface Outcome {
  /** From the fault until the strike was off and stayed off; 0: it was off. */
  readonly safeAfterS: number;
  /** From the fault until the gate said so, or was seen to be down. */
  readonly noticedAfterS?: number;
  /** From the fault, or from when its cause was taken away, until the gate worked again. */
  readonly restoredAfterS: number;
  /** What the gate did, in its own codes and in words. */
  readonly did: string;
}

/** One thing that goes wrong, and what must come of it. */
export interface Drill {
  readonly name: string;
  /** What is done to the gate. */
  readonly fault: string;
  /** @throws when the gate did not do what it must */
  readonly run: (stand: Stand) => Promise<Outcome>;
}
