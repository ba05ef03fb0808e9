/** What a face does by itself, in shares: 0 is the portrait's own expression. */
export interface Expression {
  /** 1: both eyes shut. */
  readonly closure: number;
  /** Gap of the lips, in inter-eye distances. */
  readonly mouthOpening: number;
  /** Shift of the mouth's corners outwards and up, in inter-eye distances. */
  readonly smile: number;
  /** Upward shift of the brows, in inter-eye distances. */
  readonly browRaise: number;
}

/** Points of the upper lid, from the outer corner to the inner, and those of the lower lid below them. */
export const LIDS = [
  { upper: [246, 161, 160, 159, 158, 157, 173], lower: [7, 163, 144, 145, 153, 154, 155] },
  { upper: [466, 388, 387, 386, 385, 384, 398], lower: [249, 390, 373, 374, 380, 381, 382] },
] as const;

const INNER_LIPS = [13, 14] as const;
const MOUTH_CORNERS = [61, 291] as const;
const BROWS = [105, 334] as const;
/** The lower lid rises by this share of the gap in a blink. */
const LOWER_LID_SHARE = 0.12;

/**
 * Moves the points of a neutral face; what lies near a moved feature follows it, less with distance.
 * @param neutral   (468, 3) pixels
 * @param moved     (468, 3), overwritten
 */
export function expressFace(
  neutral: Float32Array,
  expression: Expression,
  interEyePx: number,
  moved: Float32Array,
): void {
  moved.set(neutral);
  const { mouthOpening, smile, browRaise } = expression;
  const reach = 0.28 * interEyePx;
  pull(neutral, moved, INNER_LIPS[0], { x: 0, y: -0.3 * mouthOpening * interEyePx, reach });
  pull(neutral, moved, INNER_LIPS[1], { x: 0, y: 0.7 * mouthOpening * interEyePx, reach });
  for (const [index, corner] of MOUTH_CORNERS.entries()) {
    const outwards = index === 0 ? -1 : 1;
    const [x, y] = [outwards * smile * interEyePx, -0.5 * smile * interEyePx];
    pull(neutral, moved, corner, { x, y, reach });
  }
  for (const brow of BROWS) {
    pull(neutral, moved, brow, { x: 0, y: -browRaise * interEyePx, reach });
  }
  for (const lids of LIDS) shutEye(moved, lids, expression.closure);
}

/** The upper lid comes down to just above the lower one, with which it meets when the eye is shut. */
function shutEye(points: Float32Array, lids: (typeof LIDS)[number], closure: number): void {
  for (const [index, upper] of lids.upper.entries()) {
    const lower = lids.lower[index] ?? upper;
    for (let axis = 0; axis < 3; axis += 1) {
      const from = points[3 * upper + axis] ?? 0;
      const to = points[3 * lower + axis] ?? 0;
      const meeting = to + LOWER_LID_SHARE * (from - to);
      points[3 * upper + axis] = from + closure * (meeting - from);
      points[3 * lower + axis] = to + closure * (meeting - to);
    }
  }
}

interface Pull {
  readonly x: number;
  readonly y: number;
  readonly reach: number;
}

/** Lips belong to one side of the mouth only: what lies on the other side is not dragged along. */
function pull(neutral: Float32Array, moved: Float32Array, centre: number, to: Pull): void {
  const centreX = neutral[3 * centre] ?? 0;
  const centreY = neutral[3 * centre + 1] ?? 0;
  for (let at = 0; at < neutral.length; at += 3) {
    const x = (neutral[at] ?? 0) - centreX;
    const y = (neutral[at + 1] ?? 0) - centreY;
    if (centre === INNER_LIPS[0] && y > 0) continue;
    if (centre === INNER_LIPS[1] && y < 0) continue;
    const weight = Math.exp(-(x * x + y * y) / (2 * to.reach * to.reach));
    moved[at] = (moved[at] ?? 0) + weight * to.x;
    moved[at + 1] = (moved[at + 1] ?? 0) + weight * to.y;
  }
}
