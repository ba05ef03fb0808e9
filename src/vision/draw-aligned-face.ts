import type { FiveLandmarks } from '../domain/face.ts';
import { ALIGNED_SIDE_PX, alignedToFrame } from '../face/align.ts';
import { type RgbImage, sampleImage, type TensorImage } from '../numeric/sample-image.ts';

/** The aligned face is small for people's eyes: drawn for them, it is so many times as large. */
const ENLARGED = 2;
const SIDE_PX = ALIGNED_SIDE_PX * ENLARGED;

/** The face in the pose in which encoders compare it, for people to look at. @returns 224 x 224 */
export function drawAlignedFace(photo: RgbImage, landmarks: FiveLandmarks): RgbImage {
  const { a, b, dx, dy } = alignedToFrame(landmarks);
  const target: TensorImage = {
    data: new Float32Array(SIDE_PX * SIDE_PX * 3),
    widthPx: SIDE_PX,
    heightPx: SIDE_PX,
    pixelStride: 3,
    offsets: [0, 1, 2],
    scales: [1, 1, 1],
    biases: [0, 0, 0],
  };
  sampleImage(photo, { a: a / ENLARGED, b: b / ENLARGED, dx, dy }, target);
  return { rgb: Uint8Array.from(target.data, Math.round), widthPx: SIDE_PX, heightPx: SIDE_PX };
}
