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
    }
  | { readonly outcome: 'bona-fide'; readonly logLikelihoodRatio: number }
  | { readonly outcome: 'attack'; readonly logLikelihoodRatio: number };
