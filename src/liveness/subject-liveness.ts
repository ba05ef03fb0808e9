import type { ChallengeOrder } from '../domain/challenge.ts';
import type { LivenessAssessment } from '../domain/liveness.ts';
import type { LivenessBounds, LivenessFusion } from '../domain/liveness-fusion.ts';
import type { MonotonicMs } from '../domain/units.ts';
import { Challenge } from './challenge.ts';
import { withChallenge } from './challenge-law.ts';
import type { CueContribution } from './fusion-score.ts';
import type { LivenessSample } from './liveness-sample.ts';
import { TRACK_LIVENESS_OPTIONS, TrackLiveness } from './track-liveness.ts';

/** Between two frames of a head that turns quickly, in inter-eye distances: some 25 degrees. */
const RESHAPE_OF_A_TURN = 0.15;

/**
 * Liveness of whoever stands before the camera: what looking on says, and what a challenge adds to it.
 * When to ask, and for what, is the gate's to say; here it is only seen whether the answer is given. A
 * challenge, passed or not, dies with its track and with any break in it.
 */
export class SubjectLiveness {
  readonly #track: TrackLiveness;
  readonly #bounds: LivenessBounds;
  /** Asked for, but not yet begun: it begins with the next frame of its track. */
  #order: ChallengeOrder | undefined;
  #challenge: Challenge | undefined;
  /** On the present track, without a break. */
  #tries = 0;

  /** @throws PORTICO_MODEL_CALIBRATION when the weights were fitted for other cues */
  constructor(fusion: LivenessFusion, challengeAfterMs = TRACK_LIVENESS_OPTIONS.deadlineMs) {
    this.#track = new TrackLiveness(fusion, {
      ...TRACK_LIVENESS_OPTIONS,
      deadlineMs: challengeAfterMs,
    });
    this.#bounds = fusion.bounds;
  }

  /** Whether the passive networks are wanted for a frame of this moment; on others they may be left out. */
  wantsPassive(atMs: MonotonicMs): boolean {
    return (this.#challenge?.isStraight ?? true) && this.#track.wantsPassive(atMs);
  }

  /** Begins a challenge on a track; one that is over by the next frame is not asked any more. */
  ask(order: ChallengeOrder): void {
    this.#order = order;
  }

  /**
   * Takes in one frame of the subject, in order of capture.
   * @param isRecognisable  the frame was good enough to see that the track is still one person's
   */
  observe(sample: LivenessSample, isRecognisable: boolean): LivenessAssessment {
    const beganAtMs = this.#track.beganAtMs;
    const challenge = this.#challenge;
    challenge?.observe(sample, isRecognisable);
    const assessment = this.#track.observe(
      sample,
      // A head that is turned because it was asked to is not what the weights were fitted on.
      challenge && { isMeasurable: challenge.isStraight, maxReshape: RESHAPE_OF_A_TURN },
    );
    if (this.#track.beganAtMs !== beganAtMs) this.#forgetChallenge();
    this.#beginOrdered(sample);
    if (this.#challenge === undefined) return assessment;
    const tried = { report: this.#challenge.report, tries: this.#tries };
    return withChallenge(assessment, tried, this.#track, this.#bounds);
  }

  /** What each cue adds to the present ratio, strongest first. */
  explain(): readonly CueContribution[] {
    return this.#track.explain();
  }

  /** Nobody is there any more. */
  reset(): void {
    this.#track.reset();
    this.#forgetChallenge();
    this.#order = undefined;
  }

  #forgetChallenge(): void {
    this.#challenge = undefined;
    this.#tries = 0;
  }

  #beginOrdered({ trackId, capturedAtMs }: LivenessSample): void {
    const order = this.#order;
    this.#order = undefined;
    if (order?.trackId !== trackId) return;
    this.#tries += 1;
    this.#challenge = new Challenge(order, capturedAtMs);
  }
}
