import { MESH_POINTS } from '../domain/face.ts';
import type { MonotonicMs } from '../domain/units.ts';
import { similarityMotion } from '../numeric/similarity-motion.ts';
import type { LivenessSample } from './liveness-sample.ts';

/** What a face cannot do between two samples; lengths in inter-eye distances. */
export interface ContinuityLimits {
  readonly maxGapMs: number;
  readonly maxShift: number;
  /** Largest change of size, natural logarithm, either way. */
  readonly maxLogScale: number;
  /** Largest root mean square change of shape. */
  readonly maxReshape: number;
}

/**
 * Half as much again as the largest change between frames half a second and more apart, over 1,140 pairs
 * of bona fide frames (shift 0.34, size 0.35, shape 0.046); the gap is two key frames of the fit.
 */
export const CONTINUITY_LIMITS: ContinuityLimits = {
  maxGapMs: 1_500,
  maxShift: 0.5,
  maxLogScale: 0.5,
  maxReshape: 0.07,
};

/** Outer corners of the eyes: their distance is the unit, close enough to the distance of the eyes. */
const LEFT_CORNER = 33;
const RIGHT_CORNER = 263;
/** Corner to corner is that many times centre to centre, on an average face. */
const CORNERS_OVER_CENTRES = 1.45;

/** Notices when what was seen a moment ago cannot have become what is seen now: something was slid in. */
export class TrackContinuity {
  readonly #limits: ContinuityLimits;
  #points = new Float64Array(2 * MESH_POINTS);
  #before = new Float64Array(2 * MESH_POINTS);
  #seen: { readonly trackId: number; readonly atMs: MonotonicMs } | undefined;

  constructor(limits: ContinuityLimits) {
    this.#limits = limits;
  }

  /**
   * @param maxReshape  of this sample, where it is known to move more than people do by themselves
   * @returns whether this sample goes on from the one before; false for the first
   */
  continues(
    { trackId, capturedAtMs, mesh }: LivenessSample,
    maxReshape = this.#limits.maxReshape,
  ): boolean {
    const seen = this.#seen;
    [this.#points, this.#before] = [this.#before, this.#points];
    for (let index = 0; index < MESH_POINTS; index += 1) {
      this.#points[2 * index] = mesh[3 * index] ?? Number.NaN;
      this.#points[2 * index + 1] = mesh[3 * index + 1] ?? Number.NaN;
    }
    this.#seen = { trackId, atMs: capturedAtMs };
    if (seen === undefined || seen.trackId !== trackId) return false;
    const sinceMs = capturedAtMs - seen.atMs;
    return sinceMs >= 0 && sinceMs <= this.#limits.maxGapMs && this.#isSameFace(maxReshape);
  }

  reset(): void {
    this.#seen = undefined;
  }

  /** Written so that anything that is not a number is a break. */
  #isSameFace(maxReshape: number): boolean {
    const { shift, scale, meanSquare } = similarityMotion(this.#before, this.#points);
    const unit = this.#interEyePx();
    return (
      shift <= this.#limits.maxShift * unit &&
      Math.abs(Math.log(scale)) <= this.#limits.maxLogScale &&
      Math.sqrt(meanSquare) <= maxReshape * unit
    );
  }

  #interEyePx(): number {
    const at = (index: number): number => this.#points[index] ?? Number.NaN;
    const across = Math.hypot(
      at(2 * RIGHT_CORNER) - at(2 * LEFT_CORNER),
      at(2 * RIGHT_CORNER + 1) - at(2 * LEFT_CORNER + 1),
    );
    return across / CORNERS_OVER_CENTRES;
  }
}
