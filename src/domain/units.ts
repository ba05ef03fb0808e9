/**
 * Branded numbers for the confusions that would open a door: a similarity taken for a distance, a
 * wall-clock time taken for a monotonic one. Everything else carries its unit in its name.
 */
declare const brand: unique symbol;
type Branded<Name extends string> = number & { readonly [brand]: Name };

/** Cosine of two unit vectors, in [-1, 1]; HIGHER is more alike. */
export type Similarity = Branded<'Similarity'>;
/** Squared Euclidean distance of two unit vectors, in [0, 4]; LOWER is more alike. */
export type Distance = Branded<'Distance'>;
/** Milliseconds on a clock that never steps; its zero has no meaning. For ages and deadlines. */
export type MonotonicMs = Branded<'MonotonicMs'>;
/** Milliseconds since the Unix epoch, as the system believes it. For schedules and records only. */
export type WallMs = Branded<'WallMs'>;

export const similarity = (value: number): Similarity => value as Similarity;
export const distance = (value: number): Distance => value as Distance;
export const monotonicMs = (value: number): MonotonicMs => value as MonotonicMs;
export const wallMs = (value: number): WallMs => value as WallMs;

/** d = 2 - 2 cos: the exact relation for unit vectors. */
export const distanceOf = (value: Similarity): Distance => distance(2 - 2 * value);
/** Inverse of {@link distanceOf}. */
export const similarityOf = (value: Distance): Similarity => similarity(1 - value / 2);
