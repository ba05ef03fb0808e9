import { CHALLENGE_CHANCE, type ChallengeReport } from '../domain/challenge.ts';
import type { LivenessAssessment } from '../domain/liveness.ts';
import type { LivenessBounds } from '../domain/liveness-fusion.ts';

/**
 * The share of people who do as they are asked in time. It is supposed, not measured: no clips of people
 * who were asked are at hand. A smaller one would make a passed challenge worth a little less.
 */
const PASSED_BY_PEOPLE = 0.9;

/**
 * What a challenge adds to the log-likelihood ratio: how much likelier people are to pass one of so many
 * tries, or to fail, than a recording that cannot know what will be asked (a flat picture never passes).
 * More failures are no more evidence than one: who has not seen the page fails every time.
 * @param tries  on this track, >= 1; the later it is passed, the likelier by chance
 */
export function challengeRatio(outcome: 'passed' | 'failed', tries: number): number {
  return outcome === 'failed'
    ? Math.log((1 - PASSED_BY_PEOPLE) / (1 - CHALLENGE_CHANCE))
    : Math.log((1 - (1 - PASSED_BY_PEOPLE) ** tries) / (1 - (1 - CHALLENGE_CHANCE) ** tries));
}

/** A challenge on the present track, the newest where there were several. */
export interface TriedChallenge {
  readonly report: ChallengeReport;
  /** Challenges on this track, this one among them. */
  readonly tries: number;
}

/** What looking on has gathered; undefined while nothing was measured: then no challenge decides. */
export interface GatheredEvidence {
  readonly ratioWithoutStillness: number | undefined;
  /** What the marks of a picture say, <= 0. They refuse nobody who was only looked at. */
  readonly marksRatio: number;
}

/**
 * What a track is in the light of a challenge. Its outcome is evidence like any other and is held against
 * the same two bounds; an attack stays one. The ratio it is added to is the one that gives an attack no
 * credit for stillness: who has turned as asked has moved, and whoever stood still is not refused for it. Who has
 * failed and bears the marks of a picture is called one.
 */
export function withChallenge(
  assessment: LivenessAssessment,
  { report, tries }: TriedChallenge,
  { ratioWithoutStillness, marksRatio }: GatheredEvidence,
  bounds: Pick<LivenessBounds, 'bonaFide' | 'attack'>,
): LivenessAssessment {
  if (assessment.outcome === 'attack' || assessment.outcome === 'not-assessed') return assessment;
  if (report.phase === 'asking' || ratioWithoutStillness === undefined) {
    return { ...assessment, challenge: report };
  }
  const logLikelihoodRatio = ratioWithoutStillness + challengeRatio(report.phase, tries);
  const against = logLikelihoodRatio + marksRatio;
  if (report.phase === 'failed' && against <= bounds.attack) {
    return { outcome: 'attack', logLikelihoodRatio: against };
  }
  if (report.phase === 'passed' && logLikelihoodRatio >= bounds.bonaFide) {
    return { outcome: 'bona-fide', logLikelihoodRatio, challenge: report };
  }
  return { ...assessment, challenge: report };
}
