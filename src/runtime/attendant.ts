import { type Advice, adviceOn } from '../decision/advice.ts';
import { captureObstacles } from '../decision/capture-obstacles.ts';
import { ChallengeDesk } from '../decision/challenge-desk.ts';
import type { CheckedPolicy } from '../decision/checked-policy.ts';
import { decide } from '../decision/decide.ts';
import { EncoderTracks } from '../decision/encoder-tracks.ts';
import type { Comparison, GateHealth } from '../decision/evidence.ts';
import { gatherEvidence } from '../decision/gather-evidence.ts';
import type {
  RestartCause,
  TrackEvidence,
  TrackEvidenceOptions,
} from '../decision/track-evidence.ts';
import { type VisitStep, Visits } from '../decision/visit.ts';
import type { VisitPolicy } from '../decision/visit-policy.ts';
import type { ChallengeOrder } from '../domain/challenge.ts';
import type { AccessDecision, Denial } from '../domain/decision.ts';
import type { Observation, SubjectObservation } from '../domain/observation.ts';
import type { Chance } from '../domain/ports/chance.ts';
import type { Clock } from '../domain/ports/clock.ts';
import { type MonotonicMs, similarity } from '../domain/units.ts';
import type { Gallery } from '../gallery/gallery.ts';

export interface AttendantOptions {
  readonly clock: Clock;
  /** Draws the challenges. */
  readonly chance: Chance;
  readonly policy: CheckedPolicy;
  readonly visits: VisitPolicy;
  /** The encoder that decides. */
  readonly encoder: DecidingEncoder;
  /** Decides in its place where it has enough frames; absent: the policy fuses nothing. */
  readonly fused?: DecidingEncoder;
}

export interface DecidingEncoder {
  readonly modelId: string;
  readonly dimension: number;
}

/** The circumstances of one frame that the frame itself does not show. */
export interface Circumstances {
  readonly health: GateHealth;
  readonly gallery: Gallery | undefined;
  readonly isDoorPassable: boolean;
  /** Whether a complete and valid head of the site's roster has covered this person's newest record. */
  readonly isVouchedFor: (identityId: string) => boolean;
}

export interface Attendance {
  readonly decision: AccessDecision;
  readonly step: VisitStep;
  /** Share of the good frames that a decision needs, in [0, 1]. */
  readonly progress: number;
  readonly restart: RestartCause | undefined;
  /** What the person is to be asked for, from the next frame on. */
  readonly challenge: ChallengeOrder | undefined;
}

interface Capture {
  /** Of whoever stood there last. */
  trackId: number | undefined;
  /** Absent: it runs. */
  overAtMs: MonotonicMs | undefined;
}

/** A person can be expected to wait that long for the administrator's signature. */
const SIGNED_WITHIN_MS = 15_000;
/** Impossible to reach: without a calibration no two frames count as one person. */
const NEVER_ALIKE = similarity(1);

/**
 * Follows whoever is before the camera: gathers the evidence of a track, compares it with the
 * gallery, decides, and turns the flow of decisions into visits. Holds no device and does no I/O.
 */
export class Attendant {
  readonly #options: AttendantOptions;
  readonly #tracks: EncoderTracks;
  readonly #visits: Visits;
  readonly #challenges: ChallengeDesk;
  #policy: CheckedPolicy;
  #capture: Capture | undefined;
  #claim: { readonly identityId: string; readonly untilMs: number } | undefined;

  constructor(options: AttendantOptions) {
    const { policy, encoder, fused } = options;
    this.#options = options;
    this.#policy = policy;
    this.#visits = new Visits(options.visits);
    this.#tracks = new EncoderTracks(
      trackOptions(encoder, policy),
      fused === undefined ? undefined : trackOptions(fused, policy),
    );
    const { liveness } = policy.rules;
    this.#challenges = new ChallengeDesk(
      liveness.kind === 'required' ? liveness.challenge : 'never',
      options.chance,
    );
  }

  /** @param observation  absent: nothing was seen, because a stage or the camera is down */
  attend(observation: Observation | undefined, circumstances: Circumstances): Attendance {
    const { clock } = this.#options;
    const policy = this.#policy;
    const nowMs = clock.now();
    const restart = this.#gather(observation, circumstances.health);
    const subject = observation?.subject;
    const isPresent = subject !== undefined;
    const { gallery, health } = circumstances;
    const deciding = this.#tracks.deciding(policy.rules.minGoodFrames, (modelId) =>
      this.#hasTemplatesOfAll(gallery, modelId),
    );
    const track = isPresent ? deciding.summary() : undefined;
    const comparison = isPresent ? this.#compare(deciding, gallery) : undefined;
    const evidence = gatherEvidence({
      health,
      observation,
      challenge: this.#challenges.note(subject, nowMs),
      track,
      comparison,
      isVouchedFor: circumstances.isVouchedFor,
    });
    const decision = decide(evidence, policy, { monotonicMs: nowMs, wallMs: clock.wall() });
    const isCapturing = this.#isCapturing(subject, nowMs);
    const obstacles = isCapturing ? captureObstacles(decision) : undefined;
    const isVisit = !isCapturing || decision.outcome === 'grant';
    const { isDoorPassable } = circumstances;
    const step = isVisit
      ? this.#visits.observe({ observation, decision, nowMs, isDoorPassable })
      : captureStep(obstacles, observation);
    // A claim serves once.
    if (decision.outcome === 'grant') this.#claim = undefined;
    const progress = Math.min(1, (track?.goodFrames ?? 0) / policy.rules.minGoodFrames);
    const challenge = this.#challenges.order(subject, obstacles ?? decision, nowMs);
    return { decision, step, progress, restart, challenge };
  }

  /**
   * Somebody says who stands there: a badge, a code, a message. Until the claim ends, the face is compared
   * with that person's templates alone (1:1), and nobody else is let in.
   */
  claim(identityId: string, forMs: number): void {
    this.#claim = { identityId, untilMs: this.#options.clock.now() + forMs };
  }

  /**
   * Somebody unknown is to be enrolled: until it ends, nobody is turned away for who they are, and whoever
   * stands there is asked for a proof of life as somebody known would be. The door knows no difference.
   * @returns a function that ends it
   */
  beginCapture(): () => void {
    const capture: Capture = { trackId: undefined, overAtMs: undefined };
    this.#capture = capture;
    return () => {
      capture.overAtMs = this.#options.clock.now();
    };
  }

  /** In force. */
  get policy(): CheckedPolicy {
    return this.#policy;
  }

  /**
   * Other hours, holidays and zone from the next frame on. What the evidence of a track must be is
   * settled when the attendant is made; a policy that differs there needs a new attendant.
   */
  adoptPolicy(policy: CheckedPolicy): void {
    this.#policy = policy;
  }

  /** The door did not follow the last grant. */
  noteDoorRefusal(): void {
    this.#visits.noteDoorRefusal();
  }

  /**
   * What was seen before or during a fault of the camera or of a stage counts no more: a restarted
   * stage numbers its tracks from the start, and a frozen camera repeats one face without end.
   */
  #gather(observation: Observation | undefined, health: GateHealth): RestartCause | undefined {
    const isSeeing = health.camera === 'delivering' && health.stages === 'completed';
    if (!isSeeing) {
      this.#tracks.forget();
      this.#challenges.forget();
    }
    return isSeeing && observation !== undefined ? this.#tracks.observe(observation) : undefined;
  }

  /** Whoever was taken in is not turned away while the administrator signs, as long as they stay. */
  #isCapturing(subject: SubjectObservation | undefined, nowMs: MonotonicMs): boolean {
    const capture = this.#capture;
    if (capture === undefined) return false;
    const { overAtMs } = capture;
    if (overAtMs === undefined) {
      capture.trackId = subject?.trackId;
      return true;
    }
    const isSame = subject !== undefined && subject.trackId === capture.trackId;
    if (!isSame || nowMs - overAtMs >= SIGNED_WITHIN_MS) this.#capture = undefined;
    return this.#capture !== undefined;
  }

  /** Whom the first encoder could find, and the other not, would be turned away by it. */
  #hasTemplatesOfAll(gallery: Gallery | undefined, modelId: string): boolean {
    const own = gallery?.block(this.#options.encoder.modelId)?.persons ?? 0;
    return own > 0 && gallery?.block(modelId)?.persons === own;
  }

  #compare(track: TrackEvidence, gallery: Gallery | undefined): Comparison | undefined {
    const probe = track.fusedProbe();
    if (probe === undefined || gallery === undefined) return undefined;
    const claimedIdentityId = this.#claimedNow();
    if (claimedIdentityId === undefined) {
      return { kind: 'identification', search: gallery.search(probe) };
    }
    const search = gallery.compareClaimed(probe, claimedIdentityId);
    return { kind: 'verification', claimedIdentityId, search };
  }

  /** Who is claimed to stand there, as long as the claim holds. */
  #claimedNow(): string | undefined {
    if (this.#claim === undefined) return undefined;
    if (this.#options.clock.now() >= this.#claim.untilMs) this.#claim = undefined;
    return this.#claim?.identityId;
  }
}

/** No visit: nobody is reported as refused, and nothing opens. */
function captureStep(
  obstacles: Denial | undefined,
  observation: Observation | undefined,
): VisitStep {
  const advice: Advice =
    obstacles === undefined ? { kind: 'hold-still' } : adviceOn(obstacles, observation, false);
  return { advice, actions: [] };
}

function trackOptions(encoder: DecidingEncoder, policy: CheckedPolicy): TrackEvidenceOptions {
  const agreement = policy.agreementOf(encoder.modelId);
  return {
    ...encoder,
    policy: policy.rules.track,
    agreement: agreement.outcome === 'known' ? agreement.threshold : NEVER_ALIKE,
  };
}
