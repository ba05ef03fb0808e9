import { type Box, type FaceMesh, type HeadPose, MESH_POINTS } from '../domain/face.ts';
import type { FrameSize } from '../domain/frame.ts';
import type { QualityAssessment, QualityFault, QualityMetrics } from '../domain/quality.ts';
import { type GreyImage, laplacianVariance, luminanceStatistics } from '../numeric/luminance.ts';
import type { QualityLimits } from './quality-limits.ts';

/** What the quality of one face in one frame is judged by. */
export interface QualityInput {
  readonly frame: FrameSize;
  readonly box: Box;
  readonly mesh: FaceMesh;
  readonly pose: HeadPose;
  readonly interEyePx: number;
  /** Luminance of the aligned face. */
  readonly aligned: GreyImage;
}

/** Judges whether a face in a frame is good enough to compare; every fault found is named. */
export function assessQuality(input: QualityInput, limits: QualityLimits): QualityAssessment {
  const metrics = measure(input);
  const [first, ...others] = faultsOf(metrics, outsideShare(input.mesh, input.frame), limits);
  if (first === undefined) return { outcome: 'acceptable', metrics };
  return { outcome: 'refused', faults: [first, ...others], metrics };
}

function measure(input: QualityInput): QualityMetrics {
  const { mean, deviation } = luminanceStatistics(input.aligned);
  return {
    sizeRatio: input.box.heightPx / input.frame.heightPx,
    interEyePx: input.interEyePx,
    ...input.pose,
    sharpness: laplacianVariance(input.aligned),
    brightness: mean,
    contrast: deviation,
    meshConfidence: input.mesh.confidence,
  };
}

/** In the order of `QUALITY_FAULTS`. A measurement that is not a number is a fault. */
function faultsOf(metrics: QualityMetrics, outside: number, limits: QualityLimits): QualityFault[] {
  const isWithin = (value: number, limit: number): boolean => Math.abs(value) <= limit;
  const holds: readonly (readonly [QualityFault, boolean])[] = [
    ['cut-off', outside <= limits.maxOutsideShare],
    [
      'too-far',
      metrics.sizeRatio >= limits.minSizeRatio && metrics.interEyePx >= limits.minInterEyePx,
    ],
    ['too-close', metrics.sizeRatio <= limits.maxSizeRatio],
    ['too-dark', metrics.brightness >= limits.minBrightness],
    ['too-bright', metrics.brightness <= limits.maxBrightness],
    [
      'turned-away',
      isWithin(metrics.yawDeg, limits.maxYawDeg) && isWithin(metrics.pitchDeg, limits.maxPitchDeg),
    ],
    ['tilted', isWithin(metrics.rollDeg, limits.maxRollDeg)],
    ['occluded', metrics.meshConfidence >= limits.minMeshConfidence],
    [
      'blurred',
      metrics.sharpness >= limits.minRelativeSharpness * metrics.contrast ** 2 &&
        metrics.contrast >= limits.minContrast,
    ],
  ];
  return holds.filter(([, isMet]) => !isMet).map(([fault]) => fault);
}

/** Share of the mesh's points that lie outside the frame, in [0, 1]. */
function outsideShare(mesh: FaceMesh, frame: FrameSize): number {
  let outside = 0;
  for (let index = 0; index < MESH_POINTS; index += 1) {
    const x = mesh.points[index * 3] ?? Number.NaN;
    const y = mesh.points[index * 3 + 1] ?? Number.NaN;
    if (!(x >= 0 && y >= 0 && x < frame.widthPx && y < frame.heightPx)) outside += 1;
  }
  return outside / MESH_POINTS;
}
