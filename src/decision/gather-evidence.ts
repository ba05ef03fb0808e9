import type { LivenessAssessment } from '../domain/liveness.ts';
import type { Observation } from '../domain/observation.ts';
import type { ChallengeStanding } from './challenge-desk.ts';
import type {
  Comparison,
  Evidence,
  GateHealth,
  SubjectEvidence,
  TrackSummary,
} from './evidence.ts';

const NOT_ASSESSED: LivenessAssessment = { outcome: 'not-assessed' };

export interface EvidenceSources {
  readonly health: GateHealth;
  /** Undefined when no frame was analysed: camera or stage fault. */
  readonly observation: Observation | undefined;
  readonly challenge: ChallengeStanding;
  readonly track: TrackSummary | undefined;
  readonly comparison: Comparison | undefined;
  readonly isVouchedFor: (identityId: string) => boolean;
}

/**
 * Puts what the stages said into one plain value. Where nobody was looked at, liveness is
 * 'not-assessed' and not missing: an empty scene is no suspicion of an attack, and proves nobody.
 */
export function gatherEvidence(sources: EvidenceSources): Evidence {
  const { health, observation, challenge, track, comparison, isVouchedFor } = sources;
  const bestId = comparison?.search.candidates[0]?.identity.identityId;
  return {
    ...health,
    frameAtMs: observation?.capturedAtMs,
    subject: subjectOf(observation),
    quality: observation?.subject?.quality,
    liveness: observation?.subject?.liveness ?? NOT_ASSESSED,
    challenge,
    track,
    comparison,
    vouchedForId: bestId !== undefined && isVouchedFor(bestId) ? bestId : undefined,
  };
}

function subjectOf(observation: Observation | undefined): SubjectEvidence | undefined {
  if (observation === undefined) return undefined;
  if (observation.subject === undefined) return { kind: 'none' };
  if (observation.hasRival) return { kind: 'rival' };
  return { kind: 'one', trackId: observation.subject.trackId };
}
