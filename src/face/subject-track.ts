import type { Box } from '../domain/face.ts';
import type { Embedding } from '../domain/probe.ts';
import type { MonotonicMs } from '../domain/units.ts';
import { cosineSimilarity } from '../numeric/linear-algebra.ts';
import { overlapOf } from './box-geometry.ts';

/** How much a face may change between two frames and still be the same presentation. */
export interface TrackLimits {
  /** Longest time between two sightings. */
  readonly maxGapMs: number;
  /** Least overlap of the boxes, intersection over union. */
  readonly minOverlap: number;
  /** Largest ratio of the boxes' heights, either way. */
  readonly maxScaleRatio: number;
  /** Least similarity to the embedding before: below it, another person stands there. */
  readonly minSimilarity: number;
}

/**
 * Frames of one person a moment apart are far more alike than `minSimilarity`; two people hardly
 * ever reach it. An error on this side costs a moment, on the other side it would mix two people.
 */
export const TRACK_LIMITS: TrackLimits = {
  maxGapMs: 500,
  minOverlap: 0.35,
  maxScaleRatio: 1.4,
  minSimilarity: 0.45,
};

/**
 * Gives a number to each uninterrupted presentation of one face. Evidence is kept per number, so a
 * number is never used again, and whatever looks like a change of person starts a new one.
 */
export class SubjectTrack {
  readonly #limits: TrackLimits;
  #trackId = 0;
  #seen: { readonly box: Box; readonly atMs: MonotonicMs } | undefined;
  #embedding: Embedding | undefined;

  constructor(limits: TrackLimits) {
    this.#limits = limits;
  }

  /** Whether a face at this place and time would continue the track. */
  continuesWith(box: Box, atMs: MonotonicMs): boolean {
    if (this.#seen === undefined) return false;
    const { box: before, atMs: beforeMs } = this.#seen;
    const ratio = box.heightPx / before.heightPx;
    return (
      atMs - beforeMs <= this.#limits.maxGapMs &&
      overlapOf(box, before) >= this.#limits.minOverlap &&
      ratio <= this.#limits.maxScaleRatio &&
      ratio >= 1 / this.#limits.maxScaleRatio
    );
  }

  /** @returns the number of the presentation that this sighting belongs to */
  sight(box: Box, atMs: MonotonicMs): number {
    if (!this.continuesWith(box, atMs)) this.#begin();
    this.#seen = { box, atMs };
    return this.#trackId;
  }

  /**
   * Holds a new embedding against the one before.
   * @returns the number of the presentation: a new one when the person has changed
   */
  identify(embedding: Embedding): number {
    const before = this.#embedding;
    if (before !== undefined) {
      const alike = cosineSimilarity(before, embedding);
      if (!(alike >= this.#limits.minSimilarity)) this.#begin();
    }
    this.#embedding = embedding;
    return this.#trackId;
  }

  /** Nobody is there: the presentation is over. */
  lose(): void {
    this.#seen = undefined;
    this.#embedding = undefined;
  }

  #begin(): void {
    this.#trackId += 1;
    this.#embedding = undefined;
  }
}
