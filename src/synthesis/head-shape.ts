import { MESH_POINTS } from '../domain/face.ts';
import { delaunay } from '../numeric/delaunay.ts';
import type { Plate } from './portrait.ts';

/** The face's mesh and rings round it that carry hair, neck and shoulders. */
export interface HeadShape {
  /** (n, 3) pixels of the plate; the first 468 are the face's. */
  readonly neutral: Float32Array;
  /** (n) how far each point follows a turn of the head, in [0, 1]. */
  readonly follows: Float32Array;
  /** (n) opacity. */
  readonly opacity: Float32Array;
  /** (triangles, 3), from the points' own Delaunay triangulation. */
  readonly triangles: Uint16Array;
  /** About where the neck carries the head. */
  readonly pivot: { readonly x: number; readonly y: number; readonly z: number };
}

interface Ring {
  /** Radius in radii of the face: towards the hair, and towards the shoulders. */
  readonly above: number;
  readonly below: number;
  /** Depth behind the face's edge, in radii of the face. */
  readonly depth: number;
  readonly followsAbove: number;
  readonly followsBelow: number;
  readonly opacity: number;
}

const RINGS: readonly Ring[] = [
  { above: 1.16, below: 1.14, depth: 0.1, followsAbove: 1, followsBelow: 0.75, opacity: 1 },
  { above: 1.36, below: 1.75, depth: 0.35, followsAbove: 0.95, followsBelow: 0.15, opacity: 1 },
  { above: 1.62, below: 3.2, depth: 0.5, followsAbove: 0.9, followsBelow: 0, opacity: 0 },
];
const DIRECTIONS = 36;

export function headShape(plate: Plate): HeadShape {
  const { mesh, isCovered } = plate;
  const [centreX, centreY] = [meanOf(mesh, 0), meanOf(mesh, 1)];
  const edgeZ = largestOf(mesh, 2);
  const points: number[] = [...mesh];
  const follows = new Array<number>(MESH_POINTS).fill(1);
  const opacity = new Array<number>(MESH_POINTS).fill(1);
  for (const ring of RINGS) {
    for (let index = 0; index < DIRECTIONS; index += 1) {
      const angle = (2 * Math.PI * index) / DIRECTIONS;
      const down = Math.max(0, Math.sin(angle)) ** 2;
      const radius = faceRadius(mesh, centreX, centreY, angle);
      const reach = radius * (ring.above + down * (ring.below - ring.above));
      const x = centreX + reach * Math.cos(angle);
      const y = centreY + reach * Math.sin(angle);
      points.push(x, y, edgeZ + ring.depth * radius);
      follows.push(ring.followsAbove + down * (ring.followsBelow - ring.followsAbove));
      opacity.push(isCovered(x, y) ? ring.opacity : 0);
    }
  }
  const neutral = Float32Array.from(points);
  const flat = Float64Array.from({ length: (2 * neutral.length) / 3 }, (_value, index) => {
    return neutral[3 * (index >> 1) + (index & 1)] ?? 0;
  });
  return {
    neutral,
    follows: Float32Array.from(follows),
    opacity: Float32Array.from(opacity),
    triangles: delaunay(flat),
    pivot: { x: centreX, y: centreY + 0.5 * plate.interEyePx, z: edgeZ },
  };
}

/** How far the face reaches in a direction. */
function faceRadius(mesh: Float32Array, centreX: number, centreY: number, angle: number): number {
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  let largest = 0;
  for (let at = 0; at < mesh.length; at += 3) {
    const x = (mesh[at] ?? 0) - centreX;
    const y = (mesh[at + 1] ?? 0) - centreY;
    largest = Math.max(largest, x * cosine + y * sine);
  }
  return largest;
}

function meanOf(mesh: Float32Array, axis: number): number {
  let sum = 0;
  for (let at = axis; at < mesh.length; at += 3) sum += mesh[at] ?? 0;
  return (3 * sum) / mesh.length;
}

function largestOf(mesh: Float32Array, axis: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let at = axis; at < mesh.length; at += 3) largest = Math.max(largest, mesh[at] ?? 0);
  return largest;
}
