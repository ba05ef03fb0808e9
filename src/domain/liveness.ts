import type { ChallengeReport } from './challenge.ts';

/**
 * What is known of a track being a living person before the camera. Anything but 'bona-fide' is a
 * reason to deny; 'not-assessed' means that no stage looked. The ratio is the natural logarithm of how
 * much likelier the evidence is of a bona fide presentation than of an attack.
 */
export type LivenessAssessment =
  | { readonly outcome: 'not-assessed' }
  | {
      readonly outcome: 'undecided';
      readonly logLikelihoodRatio: number;
      /** Looking on has had its time: only a challenge can still decide. */
      readonly challengeDue?: true;
      /** Absent: none was asked for on this track. */
      readonly challenge?: ChallengeReport;
    }
  | {
      readonly outcome: 'bona-fide';
      readonly logLikelihoodRatio: number;
      /** Absent: none was asked for on this track. */
      readonly challenge?: ChallengeReport;
    }
  | { readonly outcome: 'attack'; readonly logLikelihoodRatio: number };

/** Of the present track; undefined where none was asked for, or an attack has made it moot. */
export const challengeOf = (assessment: LivenessAssessment): ChallengeReport | undefined =>
  'challenge' in assessment ? assessment.challenge : undefined;
