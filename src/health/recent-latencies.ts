import type { StageTimings } from '../domain/observation.ts';

const KEPT = 256;

export interface LatencySummary {
  readonly p50: number;
  readonly p95: number;
}

/** The last observations' times per stage, for the person who looks at the gate now. */
export class RecentLatencies {
  readonly #rings = new Map<string, { readonly values: number[]; next: number }>();

  add(timings: StageTimings): void {
    for (const [stage, ms] of Object.entries(timings)) {
      const ring = this.#rings.get(stage) ?? { values: [], next: 0 };
      ring.values[ring.next] = ms;
      ring.next = (ring.next + 1) % KEPT;
      this.#rings.set(stage, ring);
    }
  }

  /** Milliseconds, by the nearest rank. */
  summary(): Readonly<Record<string, LatencySummary>> {
    return Object.fromEntries(
      [...this.#rings].map(([stage, { values }]) => {
        const sorted = values.toSorted((left, right) => left - right);
        const rank = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
        return [stage, { p50: rank(0.5), p95: rank(0.95) }];
      }),
    );
  }
}
