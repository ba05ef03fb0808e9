/** Which styles show at one moment, and how much of each. */
export interface StyleMoment {
  /** Counts the intervals since the beginning; the gallery's picture goes with it. */
  readonly index: number;
  /** One per style of the painter; sums to 1. */
  readonly weights: readonly number[];
  /** The style that shows most. */
  readonly leading: number;
  /** Until the weights change again. */
  readonly staysForMs: number;
}

export interface StyleRotation {
  readonly intervalMs: number;
  /** The end of an interval, in which the next style comes up. */
  readonly fadeMs: number;
  /** Numbers of the styles that take turns, at least one. */
  readonly turns: readonly number[];
  /** How many styles the painter has. */
  readonly styles: number;
}

/**
 * Styles one after the other, each passing into the next by interpolation.
 * @param elapsedMs since the rotation began, >= 0
 */
export function styleAt(elapsedMs: number, rotation: StyleRotation): StyleMoment {
  const { intervalMs, fadeMs, turns, styles } = rotation;
  const index = Math.floor(elapsedMs / intervalMs);
  const within = elapsedMs - index * intervalMs;
  const current = turns[index % turns.length] ?? 0;
  const next = turns[(index + 1) % turns.length] ?? 0;
  const fadesAtMs = intervalMs - Math.min(fadeMs, intervalMs);
  const isFading = within > fadesAtMs && current !== next;
  const share = isFading ? (within - fadesAtMs) / (intervalMs - fadesAtMs) : 0;
  const weights = Array.from(
    { length: styles },
    (_, style) => (style === current ? 1 - share : 0) + (style === next ? share : 0),
  );
  const staysForMs = isFading ? 0 : (current === next ? intervalMs : fadesAtMs) - within;
  return { index, weights, leading: share < 0.5 ? current : next, staysForMs };
}
