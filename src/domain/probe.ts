import type { MonotonicMs } from './units.ts';

/** Unit vector of the encoder's dimension. */
export type Embedding = Float32Array;

/** The live subject's embedding. */
export interface Probe {
  readonly modelId: string;
  readonly embedding: Embedding;
  readonly capturedAtMs: MonotonicMs;
}
