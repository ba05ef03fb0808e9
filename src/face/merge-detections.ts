import type { Face, Point } from '../domain/face.ts';
import { overlapOf } from './box-geometry.ts';

/**
 * One face per person: the candidates that overlap the most confident one are averaged into it,
 * weighted by confidence, which places the box more steadily than taking the winner alone.
 * @param candidates  faces of one frame; not changed
 * @param overlap     intersection over union in (0, 1) from which two candidates are the same face
 * @returns by confidence, highest first
 * Source: Bazarevsky et al. 2019, section 3.4 (blending in place of non-maximum suppression).
 */
export function mergeDetections(candidates: readonly Face[], overlap: number): Face[] {
  let rest = [...candidates].sort((left, right) => right.confidence - left.confidence);
  const faces: Face[] = [];
  for (;;) {
    const best = rest[0];
    if (best === undefined) return faces;
    const same = rest.filter((face) => face === best || overlapOf(face.box, best.box) >= overlap);
    rest = rest.filter((face) => !same.includes(face));
    faces.push(blend(same, best.confidence));
  }
}

function blend(faces: readonly Face[], confidence: number): Face {
  const total = faces.reduce((sum, face) => sum + face.confidence, 0);
  const mean = (read: (face: Face) => number): number =>
    faces.reduce((sum, face) => sum + read(face) * face.confidence, 0) / total;
  const point = (index: 0 | 1 | 2 | 3 | 4 | 5): Point => ({
    xPx: mean((face) => face.keypoints[index].xPx),
    yPx: mean((face) => face.keypoints[index].yPx),
  });
  return {
    box: {
      xPx: mean((face) => face.box.xPx),
      yPx: mean((face) => face.box.yPx),
      widthPx: mean((face) => face.box.widthPx),
      heightPx: mean((face) => face.box.heightPx),
    },
    keypoints: [point(0), point(1), point(2), point(3), point(4), point(5)],
    confidence,
  };
}
