import { elementCount, type Shape } from '../../graph/tensor.ts';
import type { RandomSource } from '../../numeric/random.ts';

/** Random choices for a test case; the same source gives the same case. */
export class Draw {
  readonly #random: RandomSource;

  constructor(random: RandomSource) {
    this.#random = random;
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.#random() * (high - low + 1));
  }

  number(low: number, high: number): number {
    return low + this.#random() * (high - low);
  }

  chance(): boolean {
    return this.#random() < 0.5;
  }

  pick<T>(first: T, ...rest: readonly T[]): T {
    return [first, ...rest][this.int(0, rest.length)] ?? first;
  }

  ints(count: number, low: number, high: number): number[] {
    return Array.from({ length: count }, () => this.int(low, high));
  }

  shape(rank: number, largest = 4): Shape {
    return this.ints(rank, 1, largest);
  }

  /** A shape that broadcasts to the given one: some axes 1, some leading ones left out. */
  narrower(shape: Shape): Shape {
    const thinned = shape.map((size) => (this.chance() ? size : 1));
    return thinned.slice(this.int(0, shape.length));
  }

  shuffled(count: number): number[] {
    const order = Array.from({ length: count }, (_, index) => index);
    for (let index = count - 1; index > 0; index--) {
      const other = this.int(0, index);
      const kept = order[index] ?? 0;
      order[index] = order[other] ?? 0;
      order[other] = kept;
    }
    return order;
  }

  /**
   * Values from `low` to `high`, float32, no two of them near each other and none near zero, so
   * that maxima, kinks and signs are clear.
   */
  values(shape: Shape, low: number, high: number): Float32Array {
    const count = elementCount(shape);
    const spacing = (high - low) / count;
    return Float32Array.from(this.shuffled(count), (place) => {
      const value = low + (place + this.number(0.3, 0.7)) * spacing;
      const margin = Math.min(0.01, spacing / 8);
      return Math.abs(value) < margin ? margin : value;
    });
  }
}
