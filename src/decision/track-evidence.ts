import type { Observation, SubjectObservation } from '../domain/observation.ts';
import type { Probe } from '../domain/probe.ts';
import type { QualityMetrics } from '../domain/quality.ts';
import { type MonotonicMs, monotonicMs, type Similarity, similarity } from '../domain/units.ts';
import { cosineSimilarity, dot } from '../numeric/linear-algebra.ts';
import { meanDirectionInto } from '../numeric/mean-direction.ts';
import type { TrackSummary } from './evidence.ts';
import type { TrackPolicy } from './policy.ts';

export interface TrackEvidenceOptions {
  readonly modelId: string;
  /** Length of that encoder's embedding. */
  readonly dimension: number;
  readonly policy: TrackPolicy;
  /** Any two probes kept are at least this similar; from the calibration, in [0, 1]. */
  readonly agreement: Similarity;
}

/** Why the evidence so far was thrown away. */
export type RestartCause = 'other-track' | 'time-gap' | 'rival' | 'disagreement';

interface Slot {
  readonly embedding: Float32Array;
  capturedAtMs: MonotonicMs;
  /** In [0, 1] when in use, FREE when not; the lowest is the next to be overwritten. */
  merit: number;
}

const FREE = -1;

/** How far the squared length of a unit vector may be from 1 in float32. */
const UNIT_TOLERANCE = 1e-3;

/**
 * Gathers the good probes of one track and fuses them into one. Evidence belongs to one face: it is
 * thrown away when the track's number changes, after a gap in time, while a rival stands beside the
 * subject, and as soon as a new probe is not the same person as every probe kept. So what is kept
 * never holds two people, and nobody inherits another's score even if the tracker took one for the
 * other. All memory is taken once.
 */
export class TrackEvidence {
  readonly #options: TrackEvidenceOptions;
  readonly #slots: readonly Slot[];
  readonly #fused: Float32Array;
  /** The track that the slots belong to, and its newest frame. */
  #seen: { readonly trackId: number; readonly atMs: MonotonicMs } | undefined;

  constructor(options: TrackEvidenceOptions) {
    const { dimension, policy } = options;
    this.#options = options;
    this.#fused = new Float32Array(dimension);
    this.#slots = Array.from({ length: policy.capacity }, () => ({
      embedding: new Float32Array(dimension),
      capturedAtMs: monotonicMs(Number.NaN),
      merit: FREE,
    }));
  }

  /**
   * Takes in one frame, in order of capture.
   * @returns why earlier evidence was thrown away, if there was any
   */
  observe(observation: Observation): RestartCause | undefined {
    const { subject, capturedAtMs } = observation;
    if (subject === undefined) return undefined;
    const cause = this.#discontinuity(observation, subject);
    const held = this.#used().length > 0;
    if (cause !== undefined) this.#clear();
    this.#seen = { trackId: subject.trackId, atMs: capturedAtMs };
    this.#expire(capturedAtMs);
    const clash = observation.hasRival ? undefined : this.#admit(subject, capturedAtMs);
    return held ? (cause ?? clash) : undefined;
  }

  /** Throws everything away; what comes next starts from nothing. */
  forget(): void {
    this.#seen = undefined;
    this.#clear();
  }

  /** Undefined until a good probe is held. */
  summary(): TrackSummary | undefined {
    const used = this.#used();
    if (used.length === 0 || this.#seen === undefined) return undefined;
    const times = used.map((slot) => slot.capturedAtMs);
    return {
      trackId: this.#seen.trackId,
      modelId: this.#options.modelId,
      goodFrames: used.length,
      oldestAtMs: monotonicMs(Math.min(...times)),
      newestAtMs: monotonicMs(Math.max(...times)),
      weakestPair: weakestPair(used),
    };
  }

  /**
   * The direction of the plain mean of the probes held: the best estimate when every good frame
   * scatters alike about the person. Weights would be one more thing to fit; the quality gate and
   * the choice of the best frames already do their work. Its embedding is overwritten by the next
   * call. Undefined until a good probe is held.
   */
  fusedProbe(): Probe | undefined {
    const summary = this.summary();
    if (summary === undefined) return undefined;
    meanDirectionInto(
      this.#fused,
      this.#used().map((slot) => slot.embedding),
    );
    return {
      modelId: summary.modelId,
      embedding: this.#fused,
      capturedAtMs: summary.newestAtMs,
    };
  }

  #discontinuity(
    { capturedAtMs, hasRival }: Observation,
    { trackId }: SubjectObservation,
  ): RestartCause | undefined {
    if (trackId !== this.#seen?.trackId) return 'other-track';
    const sinceMs = capturedAtMs - this.#seen.atMs;
    // Written so that a time that runs backwards or is not a number counts as a gap.
    if (!(sinceMs >= 0 && sinceMs <= this.#options.policy.maxGapMs)) return 'time-gap';
    return hasRival ? 'rival' : undefined;
  }

  #admit(
    { quality, probes }: SubjectObservation,
    capturedAtMs: MonotonicMs,
  ): RestartCause | undefined {
    if (quality.outcome !== 'acceptable') return undefined;
    const merit = meritOf(quality.metrics);
    const probe = probes.find(({ modelId }) => modelId === this.#options.modelId);
    if (!(merit >= 0) || probe === undefined || !this.#isUnitVector(probe.embedding)) {
      return undefined;
    }
    const agrees = this.#used().every(
      (slot) => cosineSimilarity(slot.embedding, probe.embedding) >= this.#options.agreement,
    );
    if (!agrees) this.#clear();
    // The newest always enters, in the place of the least frontal: evidence must speak of the present.
    const slot = this.#slots.reduce((lowest, other) =>
      other.merit < lowest.merit ? other : lowest,
    );
    slot.embedding.set(probe.embedding);
    slot.capturedAtMs = capturedAtMs;
    slot.merit = merit;
    return agrees ? undefined : 'disagreement';
  }

  #isUnitVector(embedding: Float32Array): boolean {
    return (
      embedding.length === this.#options.dimension &&
      Math.abs(dot(embedding, embedding) - 1) <= UNIT_TOLERANCE
    );
  }

  #used(): readonly Slot[] {
    return this.#slots.filter((slot) => slot.merit !== FREE);
  }

  #clear(): void {
    for (const slot of this.#slots) slot.merit = FREE;
  }

  #expire(nowMs: MonotonicMs): void {
    for (const slot of this.#slots) {
      if (!(nowMs - slot.capturedAtMs <= this.#options.policy.windowMs)) slot.merit = FREE;
    }
  }
}

function weakestPair(slots: readonly Slot[]): Similarity {
  let weakest = 1;
  for (const [index, left] of slots.entries()) {
    for (const right of slots.slice(index + 1)) {
      weakest = Math.min(weakest, cosineSimilarity(left.embedding, right.embedding));
    }
  }
  return similarity(weakest);
}

/** How frontal and how surely a face: what an encoder depends on once size and light have passed. */
function meritOf({ yawDeg, pitchDeg, meshConfidence }: QualityMetrics): number {
  const cosine = (degrees: number): number => Math.cos((degrees * Math.PI) / 180);
  return Math.max(0, cosine(yawDeg)) * Math.max(0, cosine(pitchDeg)) * meshConfidence;
}
