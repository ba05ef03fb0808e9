/** How the flow of decisions becomes one transaction per approach. */
export interface VisitPolicy {
  /** A denial is reported when the track ends, or after this time at the latest. */
  readonly reportDenialAfterMs: number;
  /** The same, while waiting or a challenge may still let the person in. */
  readonly reportWaitingAfterMs: number;
  /** A visit ends when its face is gone for this long, or as soon as another takes its place. */
  readonly endAfterMs: number;
  /** Whoever only passes by for less than this leaves no event, unless a comparison took place. */
  readonly passerByMs: number;
  /** The same person is let in again after this time at the earliest. */
  readonly regrantAfterMs: number;
  /** The same, for a person who has been standing there since. */
  readonly regrantStayingMs: number;
  /** Frames in a row with more than one face, while the door can be passed, that count. */
  readonly tailgatingFrames: number;
}

export const defaultVisitPolicy: VisitPolicy = {
  reportDenialAfterMs: 2_500,
  reportWaitingAfterMs: 30_000,
  endAfterMs: 700,
  passerByMs: 800,
  regrantAfterMs: 6_000,
  regrantStayingMs: 30_000,
  tailgatingFrames: 2,
};

/** What is wrong with the policy, in sentences; empty when nothing is. */
export function visitPolicyProblems(policy: VisitPolicy): readonly string[] {
  const bounds: readonly (readonly [keyof VisitPolicy, number, number])[] = [
    ['reportDenialAfterMs', 500, 30_000],
    ['reportWaitingAfterMs', 500, 120_000],
    ['endAfterMs', 100, 10_000],
    ['passerByMs', 0, 10_000],
    ['regrantAfterMs', 1_000, 600_000],
    ['regrantStayingMs', 1_000, 600_000],
    ['tailgatingFrames', 1, 100],
  ];
  return bounds
    .filter(([name, low, high]) => !(policy[name] >= low && policy[name] <= high))
    .map(([name, low, high]) => `${name} is ${policy[name]}, not within ${low} to ${high}`);
}
