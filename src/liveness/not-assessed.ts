import type { LivenessAssessment } from '../domain/liveness.ts';

/** No cue is measured, so nothing speaks for a living person: the policy has to do without, in words. */
export const NOT_ASSESSED: LivenessAssessment = { outcome: 'not-assessed' };
