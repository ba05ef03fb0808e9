import { elementCount } from '../graph/tensor.ts';
import type { Parameter } from './tower.ts';

/** All parameters of a model in one array, so that one optimiser moves them together. */
export class ParameterStore {
  readonly parameters: readonly Parameter[];
  readonly values: Float32Array;
  readonly gradient: Float32Array;
  /** Views by name: what a graph is fed. */
  readonly feeds: Readonly<Record<string, Float32Array>>;
  readonly #offsets = new Map<string, number>();

  constructor(parameters: readonly Parameter[]) {
    this.parameters = parameters;
    const sizes = parameters.map(({ shape }) => elementCount(shape));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    this.values = new Float32Array(total);
    this.gradient = new Float32Array(total);
    const feeds: Record<string, Float32Array> = {};
    let offset = 0;
    for (const [index, { name, initial }] of parameters.entries()) {
      const size = sizes[index] ?? 0;
      this.values.set(initial, offset);
      feeds[name] = this.values.subarray(offset, offset + size);
      this.#offsets.set(name, offset);
      offset += size;
    }
    this.feeds = feeds;
  }

  /** Takes over the derivative by one parameter. */
  setGradient(name: string, derivative: Float32Array): void {
    this.gradient.set(derivative, this.#offsets.get(name) ?? this.gradient.length);
  }

  /** The same parameters as they are now, for a graph that keeps them. */
  frozen(): readonly Parameter[] {
    return this.parameters.map((parameter) => ({
      ...parameter,
      initial: (this.feeds[parameter.name] ?? parameter.initial).slice(),
    }));
  }
}
