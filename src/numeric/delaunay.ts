/**
 * Delaunay triangulation of points of the plane, one at a time: each point removes the triangles whose
 * circumcircle holds it and is joined to the rim of the hole. Quadratic; made for some hundreds of points.
 * @param points  (n, 2) float64, no two alike
 * @returns       (triangles, 3) indices of points
 * Source: Bowyer 1981, Watson 1981
 */
export function delaunay(points: Float64Array): Uint16Array {
  const count = points.length / 2;
  const all = withOuterTriangle(points);
  let triangles: Circled[] = [circled(all, count, count + 1, count + 2)];
  for (let point = 0; point < count; point += 1) {
    const x = all[2 * point]!;
    const y = all[2 * point + 1]!;
    const kept: Circled[] = [];
    const rim = new Map<number, readonly [number, number]>();
    for (const triangle of triangles) {
      const inside = (x - triangle.x) ** 2 + (y - triangle.y) ** 2 < triangle.square;
      if (!inside) kept.push(triangle);
      else cutOut(rim, triangle, all.length);
    }
    for (const [from, to] of rim.values()) kept.push(circled(all, from, to, point));
    triangles = kept;
  }
  const inner = triangles.filter(({ corners }) => corners.every((corner) => corner < count));
  return Uint16Array.from(inner.flatMap(({ corners }) => corners));
}

interface Circled {
  readonly corners: readonly [number, number, number];
  /** Centre and squared radius of the circumcircle. */
  readonly x: number;
  readonly y: number;
  readonly square: number;
}

/** An edge between two removed triangles is inside the hole; every other one is on its rim. */
function cutOut(
  rim: Map<number, readonly [number, number]>,
  { corners: [a, b, c] }: Circled,
  stride: number,
): void {
  for (const edge of [
    [a, b],
    [b, c],
    [c, a],
  ] as const) {
    const key = Math.min(...edge) * stride + Math.max(...edge);
    if (!rim.delete(key)) rim.set(key, edge);
  }
}

function circled(points: Float64Array, a: number, b: number, c: number): Circled {
  const ax = points[2 * a]!;
  const ay = points[2 * a + 1]!;
  const bx = points[2 * b]! - ax;
  const by = points[2 * b + 1]! - ay;
  const cx = points[2 * c]! - ax;
  const cy = points[2 * c + 1]! - ay;
  const twiceArea = 2 * (bx * cy - by * cx);
  const b2 = bx * bx + by * by;
  const c2 = cx * cx + cy * cy;
  const x = (cy * b2 - by * c2) / twiceArea;
  const y = (bx * c2 - cx * b2) / twiceArea;
  return { corners: [a, b, c], x: x + ax, y: y + ay, square: x * x + y * y };
}

/** The points and three more, so far out that the circle of no inner triangle reaches them. */
function withOuterTriangle(points: Float64Array): Float64Array {
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of points) {
    least = Math.min(least, value);
    largest = Math.max(largest, value);
  }
  const middle = (least + largest) / 2;
  const far = 1_000 * (largest - least + 1);
  const outer = [middle - far, middle - far, middle + far, middle - far, middle, middle + far];
  return Float64Array.from([...points, ...outer]);
}
