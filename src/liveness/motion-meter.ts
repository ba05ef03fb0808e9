import { MESH_POINTS } from '../domain/face.ts';
import { CubicMapFit } from '../numeric/cubic-map-fit.ts';
import { HomographyFit } from '../numeric/homography-fit.ts';
import { similarityMotion } from '../numeric/similarity-motion.ts';
import { MESH_REGIONS, type MeshRegion } from './mesh-regions.ts';

/** How a face changed between two key frames; lengths in inter-eye distances. */
export interface FaceMotion {
  /** Root mean square of what the best homography leaves, per feature. */
  readonly unflat: Readonly<Record<MeshRegion | 'skin', number>>;
  /** Of the motion that no similarity explains, the share that no homography explains, in [0, 1]. */
  readonly unflatShare: number;
  /** The share of it that no gently bent surface explains either. */
  readonly unbentShare: number;
  readonly shift: number;
  /** Natural logarithm of the change in size. */
  readonly logScale: number;
}

/** Below this, in inter-eye distances, two shapes are the same to the last digit of the mesh. */
const LEAST_MOTION = 1e-6;

const FEATURE_POINTS = new Set<number>(
  [
    MESH_REGIONS['left-eye'],
    MESH_REGIONS['right-eye'],
    MESH_REGIONS.mouth,
    MESH_REGIONS.brows,
  ].flat(),
);
/** What moves little by itself: all but eyes, brows and mouth. */
const SKIN = Array.from({ length: MESH_POINTS }, (_, index) => index).filter(
  (index) => !FEATURE_POINTS.has(index),
);

/** Compares the meshes of two key frames. Memory is taken once; costs well under a millisecond. */
export class MotionMeter {
  readonly #homography = new HomographyFit(MESH_POINTS);
  readonly #cubic = new CubicMapFit(MESH_POINTS);

  /**
   * @param before      (468, 2) float64, pixels
   * @param after       (468, 2) float64, pixels
   * @param interEyePx  the unit of the result, > 0
   * @returns undefined when the meshes are degenerate
   */
  measure(before: Float64Array, after: Float64Array, interEyePx: number): FaceMotion | undefined {
    if (!this.#homography.fit(before, after)) return undefined;
    const { shift, scale, meanSquare } = similarityMotion(before, after);
    const rigid = Math.sqrt(meanSquare) / interEyePx;
    const flat = this.#left(undefined) / interEyePx;
    const bent = Math.sqrt(this.#cubic.meanSquare(before, after)) / interEyePx;
    const motion: FaceMotion = {
      unflat: {
        'left-eye': this.#left(MESH_REGIONS['left-eye']) / interEyePx,
        'right-eye': this.#left(MESH_REGIONS['right-eye']) / interEyePx,
        mouth: this.#left(MESH_REGIONS.mouth) / interEyePx,
        brows: this.#left(MESH_REGIONS.brows) / interEyePx,
        outline: this.#left(MESH_REGIONS.outline) / interEyePx,
        nose: this.#left(MESH_REGIONS.nose) / interEyePx,
        skin: this.#left(SKIN) / interEyePx,
      },
      unflatShare: Math.min(1, flat / Math.max(rigid, LEAST_MOTION)),
      unbentShare: Math.min(1, bent / Math.max(rigid, LEAST_MOTION)),
      shift: shift / interEyePx,
      logScale: Math.log(scale),
    };
    const probe = rigid + flat + bent + motion.shift + motion.logScale;
    return Number.isFinite(probe) ? motion : undefined;
  }

  /** Root mean square residual of the homography over some points, or over all, in pixels. */
  #left(indices: readonly number[] | undefined): number {
    const { residuals } = this.#homography;
    let sum = 0;
    if (indices === undefined) {
      for (const square of residuals) sum += square;
      return Math.sqrt(sum / residuals.length);
    }
    for (const index of indices) sum += residuals[index] ?? Number.NaN;
    return Math.sqrt(sum / indices.length);
  }
}
