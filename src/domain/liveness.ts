/**
 * What is known of a track being a living person before the camera. Anything but 'bona-fide' is a
 * reason to deny; 'not-assessed' means that no stage looked.
 */
export type LivenessAssessment =
  | { readonly outcome: 'not-assessed' }
  | { readonly outcome: 'undecided'; readonly logLikelihoodRatio: number }
  | { readonly outcome: 'bona-fide'; readonly logLikelihoodRatio: number }
  | { readonly outcome: 'attack'; readonly logLikelihoodRatio: number };
