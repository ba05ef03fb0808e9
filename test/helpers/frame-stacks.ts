import { MESH_POINTS } from '../../src/domain/face.ts';
import type { RgbImage } from '../../src/numeric/sample-image.ts';
import { paintedImage } from './pictures.ts';

/** A mesh of which only the corners of the eyes are right: 80 px between the eyes' centres. */
export function eyesAt(x: number, y: number): Float32Array {
  const mesh = new Float32Array(3 * MESH_POINTS);
  for (const [index, across] of [
    [33, -60],
    [133, -20],
    [362, 20],
    [263, 60],
  ] as const) {
    mesh.set([x + across, y, 0], 3 * index);
  }
  return mesh;
}

export type Colour = readonly [number, number, number];

/** 640 x 480, grey values or colours computed from the place. */
export function drawnFrame(value: (x: number, y: number) => number | Colour): RgbImage {
  return paintedImage(640, 480, (x, y) => {
    const drawn = value(x, y);
    return typeof drawn === 'number' ? [drawn, drawn, drawn] : drawn;
  });
}

/** A smooth pattern without edges, different everywhere. */
export const cloud = (x: number, y: number): number =>
  128 + 40 * Math.sin(x / 17 + Math.cos(y / 23)) + 30 * Math.cos(y / 13 - x / 41);
