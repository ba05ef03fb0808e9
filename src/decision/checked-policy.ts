import type { Calibration } from '../domain/calibration.ts';
import { CHALLENGE_RULES } from '../domain/challenge.ts';
import { calibrationProblems } from './calibration-problems.ts';
import type { Policy } from './policy.ts';
import { hoursProblems, SiteCalendar } from './site-calendar.ts';
import { type Threshold, thresholdFor } from './threshold.ts';

export type PolicyCheck =
  | { readonly outcome: 'accepted'; readonly policy: CheckedPolicy }
  | { readonly outcome: 'refused'; readonly problems: readonly string[] };

/**
 * A policy that makes sense, with its calendar ready. There is no other way to get one than
 * {@link checkPolicy}, so nothing is ever decided by a policy that nobody looked at.
 */
export class CheckedPolicy {
  readonly rules: Policy;
  readonly calendar: SiteCalendar;

  private constructor(rules: Policy) {
    this.rules = rules;
    this.calendar = new SiteCalendar(rules.hours);
  }

  static check(rules: Policy): PolicyCheck {
    const problems = policyProblems(rules);
    return problems.length === 0
      ? { outcome: 'accepted', policy: new CheckedPolicy(rules) }
      : { outcome: 'refused', problems };
  }

  /** tau(N) of an encoder for a false positive rate per search; see {@link thresholdFor}. */
  thresholdOf(modelId: string, falsePositiveRate: number, comparisons: number): Threshold {
    const curve = this.rules.calibrations.find((candidate) => candidate.modelId === modelId);
    return curve === undefined
      ? { outcome: 'missing', because: `encoder ${modelId} has no calibration` }
      : thresholdFor(curve, falsePositiveRate, comparisons);
  }

  /** The similarity that two frames of one track must reach; see {@link TrackPolicy}. */
  agreementOf(modelId: string): Threshold {
    return this.thresholdOf(modelId, this.rules.track.agreementFmr, 1);
  }
}

/** What is wrong with a policy, in sentences for the installer; empty when nothing is. */
export function policyProblems(rules: Policy): readonly string[] {
  return [
    ...livenessProblems(rules),
    ...numberProblems(rules),
    ...repeatedModels(rules.calibrations),
    ...rules.calibrations.flatMap(calibrationProblems),
    ...hoursProblems(rules.hours),
  ];
}

function livenessProblems({ liveness }: Policy): readonly string[] {
  if (liveness.kind === 'required' && !CHALLENGE_RULES.includes(liveness.challenge)) {
    return [`a challenge is asked for ${CHALLENGE_RULES.join(', ')}, not ${liveness.challenge}`];
  }
  return liveness.kind === 'waived' && liveness.because.trim().length < 10
    ? ['a waiver of liveness must say why, in ten characters or more']
    : [];
}

function repeatedModels(calibrations: readonly Calibration[]): readonly string[] {
  const ids = calibrations.map((calibration) => calibration.modelId);
  return ids
    .filter((id, index) => ids.indexOf(id) !== index)
    .map((id) => `encoder ${id} has more than one calibration`);
}

/** A rate above this is no security; below the lower bound no data set can support it. */
const RATE_BOUNDS = [1e-9, 0.1] as const;

function numberProblems(rules: Policy): readonly string[] {
  const { track } = rules;
  const bounds: readonly (readonly [string, number, number, number])[] = [
    ['targetFpir', rules.targetFpir, ...RATE_BOUNDS],
    ['targetClaimFpr', rules.targetClaimFpr, ...RATE_BOUNDS],
    ['minMargin', rules.minMargin, 0, 1],
    ['minGoodFrames', rules.minGoodFrames, 1, track.capacity],
    ['minSpanMs', rules.minSpanMs, 0, track.windowMs],
    ['maxFrameAgeMs', rules.maxFrameAgeMs, 1, 5_000],
    ['track.capacity', track.capacity, 1, 32],
    ['track.windowMs', track.windowMs, 1, 30_000],
    ['track.maxGapMs', track.maxGapMs, 1, 5_000],
    ['track.agreementFmr', track.agreementFmr, ...RATE_BOUNDS],
  ];
  const outside = bounds
    .filter(([, value, low, high]) => !(value >= low && value <= high))
    .map(([name, value, low, high]) => `${name} is ${value}, not within ${low} to ${high}`);
  const fractions = (['minGoodFrames', 'capacity'] as const)
    .filter((name) => !Number.isInteger(name === 'capacity' ? track.capacity : rules[name]))
    .map((name) => `${name} is not a whole number`);
  return [...outside, ...fractions];
}
