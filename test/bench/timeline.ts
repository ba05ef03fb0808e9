import { setTimeout as delay } from 'node:timers/promises';

/** What the gate says about itself. */
export interface GateWords {
  readonly condition: 'working' | 'degraded' | 'stalled';
  readonly version: string;
  readonly faults: readonly string[];
  readonly door: string | null;
  readonly granted: number;
  readonly denied: number;
}

/** Both undefined before anything was seen; null: there is no such chip, no gate answers. */
export interface Scene {
  readonly strike: 0 | 1 | null | undefined;
  readonly gate: GateWords | null | undefined;
}

/** One change, at seconds of the machine's own clock since its last start. */
export interface Change extends Scene {
  readonly atS: number;
}

interface Line {
  readonly atS: number;
  readonly strike?: 0 | 1 | null;
  readonly gate?: GateWords | null;
  readonly alive?: true;
}

const POLL_MS = 20;
/** The emulator may be slow, not dead. */
const WALL_LIMIT_MS = 900_000;

/** What was seen from beside the gate since the machine's last start. */
export class Timeline {
  #changes: Change[] = [];
  #nowS = 0;
  #scene: Scene = { strike: undefined, gate: undefined };

  /** Seconds of the machine's clock, as of the last line that came. */
  get nowS(): number {
    return this.#nowS;
  }

  get scene(): Scene {
    return this.#scene;
  }

  accept(text: string): void {
    const { atS, alive, ...seen } = JSON.parse(text) as Line;
    this.#nowS = atS;
    if (alive === true) return;
    this.#scene = { ...this.#scene, ...seen };
    // Seen at one moment is one change: what held before it does not hold from that moment on.
    if (this.#changes.at(-1)?.atS === atS) this.#changes.pop();
    this.#changes.push({ atS, ...this.#scene });
  }

  /** The machine's clock begins anew. */
  restart(): void {
    this.#changes = [];
    this.#nowS = 0;
    this.#scene = { strike: undefined, gate: undefined };
  }

  since(fromS: number): readonly Change[] {
    return this.#changes.filter(({ atS }) => atS >= fromS);
  }

  /**
   * Waits until something holds, from a moment on.
   * @param limits from: what was seen before does not count; within: seconds of the machine's clock
   * @returns when it held first
   * @throws when it does not in time
   */
  async until(
    what: string,
    holds: (scene: Scene) => boolean,
    { fromS, withinS }: { readonly fromS: number; readonly withinS: number },
  ): Promise<number> {
    const wallLimit = performance.now() + WALL_LIMIT_MS;
    for (;;) {
      const held = this.since(fromS).find(holds);
      if (held !== undefined) return held.atS;
      if (this.#nowS > fromS + withinS || performance.now() > wallLimit) {
        throw new Error(
          `${what}: not within ${withinS} s; last seen ${JSON.stringify(this.#scene)}`,
        );
      }
      await delay(POLL_MS);
    }
  }

  /** Lets so many seconds of the machine's clock go by. */
  async pass(seconds: number): Promise<void> {
    const untilS = this.#nowS + seconds;
    const wallLimit = performance.now() + WALL_LIMIT_MS;
    while (this.#nowS < untilS) {
      if (performance.now() > wallLimit) throw new Error('the machine stands still');
      await delay(POLL_MS);
    }
  }

  /** Every time that the strike was released, from a moment on: from when to when; undefined: it still is. */
  pulses(fromS: number): readonly { readonly onS: number; readonly offS: number | undefined }[] {
    const pulses: { onS: number; offS: number | undefined }[] = [];
    let isOn = false;
    for (const { atS, strike } of this.since(fromS)) {
      if (strike === 1 && !isOn) pulses.push({ onS: atS, offS: undefined });
      const last = pulses.at(-1);
      if (strike !== 1 && isOn && last !== undefined) last.offS = atS;
      isOn = strike === 1;
    }
    return pulses;
  }
}
