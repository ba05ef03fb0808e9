import { LIDS } from './face-expression.ts';
import type { ShownPicture } from './shown-picture.ts';

/** The holes are so much larger than the eyes. */
const ENLARGED = 1.25;
const CORNERS = [
  { outer: 33, inner: 133 },
  { outer: 263, inner: 362 },
] as const;

/** @returns one byte per pixel, 0 where the eyes of the picture are cut out */
export function eyeHoles({ image, mesh }: ShownPicture): Uint8Array {
  const { widthPx, heightPx } = image;
  const kept = new Uint8Array(widthPx * heightPx).fill(1);
  for (const [index, { upper, lower }] of LIDS.entries()) {
    const corners = CORNERS[index] ?? CORNERS[0];
    const outline = [corners.outer, ...upper, corners.inner, ...lower.toReversed()];
    cutOut(kept, widthPx, enlarge(outline.map((point) => pointOf(mesh, point))));
  }
  return kept;
}

type Corner = readonly [number, number];

const pointOf = (mesh: Float32Array, index: number): Corner => [
  mesh[3 * index] ?? 0,
  mesh[3 * index + 1] ?? 0,
];

function enlarge(outline: readonly Corner[]): readonly Corner[] {
  const middleX = outline.reduce((sum, [x]) => sum + x, 0) / outline.length;
  const middleY = outline.reduce((sum, [, y]) => sum + y, 0) / outline.length;
  return outline.map(([x, y]) => [
    middleX + ENLARGED * (x - middleX),
    middleY + ENLARGED * (y - middleY),
  ]);
}

function cutOut(kept: Uint8Array, widthPx: number, outline: readonly Corner[]): void {
  const rows = outline.map(([, y]) => y);
  const heightPx = kept.length / widthPx;
  const last = Math.min(heightPx - 1, Math.floor(Math.max(...rows)));
  for (let row = Math.max(0, Math.floor(Math.min(...rows))); row <= last; row += 1) {
    for (let column = 0; column < widthPx; column += 1) {
      if (isInside(outline, column + 0.5, row + 0.5)) kept[row * widthPx + column] = 0;
    }
  }
}

/** Counts how often a ray to the right crosses the outline. */
function isInside(outline: readonly Corner[], x: number, y: number): boolean {
  let inside = false;
  let [beforeX, beforeY] = outline.at(-1) ?? [0, 0];
  for (const [atX, atY] of outline) {
    const crosses = atY > y !== beforeY > y;
    if (crosses && x < atX + ((y - atY) / (beforeY - atY)) * (beforeX - atX)) inside = !inside;
    [beforeX, beforeY] = [atX, atY];
  }
  return inside;
}
