import type { Embedding } from './probe.ts';
import type { WallMs } from './units.ts';

/** A person in the roster. The id is opaque; the name is for operators and never logged. */
export interface Identity {
  readonly identityId: string;
  readonly name: string;
  readonly validFromMs?: WallMs;
  readonly validUntilMs?: WallMs;
  /** Name of the weekly schedule of the policy that applies; absent: the policy's default. */
  readonly scheduleId?: string;
}

/** A stored reference of one identity, made by one encoder. */
export interface Template {
  readonly templateId: string;
  readonly identityId: string;
  /** Encoder that made it; only probes of the same encoder are compared with it. */
  readonly modelId: string;
  readonly embedding: Embedding;
  readonly enrolledAtMs: WallMs;
}
