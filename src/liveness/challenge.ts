import { assertNever } from '../domain/assert-never.ts';
import { MESH_POINTS } from '../domain/face.ts';
import type { LivenessAssessment } from '../domain/liveness.ts';
import { type MonotonicMs, monotonicMs } from '../domain/units.ts';
import { BlinkDetector } from './blink-detector.ts';
import type { ChallengeAction } from './challenge-sequence.ts';
import { type FaceShape, faceShape } from './face-shape.ts';
import type { LivenessSample } from './liveness-sample.ts';
import { CONTINUITY_LIMITS, type ContinuityLimits, TrackContinuity } from './track-continuity.ts';

export interface ChallengeLimits {
  /** Time for each action. */
  readonly perActionMs: number;
  /** How far the nose tip moves to the side in a turn, in inter-eye distances: 0.2 is about 20 degrees. */
  readonly turn: number;
  /** How much larger a face that comes closer becomes. */
  readonly closer: number;
  readonly continuity: ContinuityLimits;
}

/** The largest sideways move of the nose among 7,200 frames of people told to stand still was 0.07. */
export const CHALLENGE_LIMITS: ChallengeLimits = {
  perActionMs: 5_000,
  turn: 0.2,
  closer: 1.25,
  continuity: CONTINUITY_LIMITS,
};

export type ChallengeState =
  | {
      readonly phase: 'asking';
      readonly action: ChallengeAction;
      /** Actions done before this one, and all there are. */
      readonly done: number;
      readonly total: number;
      /** When time is up. */
      readonly untilMs: MonotonicMs;
    }
  | { readonly phase: 'passed' }
  | { readonly phase: 'failed'; readonly why: 'too-late' | 'wrong-way' | 'interrupted' };

/**
 * Asks for actions one after the other and checks them, in time and in order, on the samples of one
 * track. Turning the other way is a failure at once: what answers by chance gets no second try. A passed
 * or failed challenge stays so.
 */
export class Challenge {
  readonly #actions: readonly ChallengeAction[];
  readonly #limits: ChallengeLimits;
  readonly #continuity: TrackContinuity;
  readonly #points = new Float64Array(2 * MESH_POINTS);
  #state: ChallengeState;
  #blinks = new BlinkDetector();
  /** The face as the challenge began: what "straight ahead" is. */
  #neutral: FaceShape | undefined;
  /** The face from which the present action starts: absent until the head is straight again. */
  #start: FaceShape | undefined;

  /** @param actions  from `drawChallenge`; without any the challenge has failed */
  constructor(
    actions: readonly ChallengeAction[],
    startMs: MonotonicMs,
    limits: ChallengeLimits = CHALLENGE_LIMITS,
  ) {
    this.#actions = actions;
    this.#limits = limits;
    this.#continuity = new TrackContinuity(limits.continuity);
    this.#state = this.#asking(0, startMs) ?? { phase: 'failed', why: 'interrupted' };
  }

  get state(): ChallengeState {
    return this.#state;
  }

  /** Takes in one frame of the subject, in order of capture. */
  observe(sample: LivenessSample): ChallengeState {
    const state = this.#state;
    if (state.phase !== 'asking') return state;
    const continues = this.#continuity.continues(sample);
    if (this.#neutral !== undefined && !continues) return this.#fail('interrupted');
    if (sample.capturedAtMs > state.untilMs) return this.#fail('too-late');
    const face = this.#shapeOf(sample.mesh);
    this.#neutral ??= face;
    const hasBlinked = this.#blinks.observe(face, sample.capturedAtMs);
    if (this.#start === undefined && this.#isStraight(face)) this.#start = face;
    if (this.#start === undefined) return state;
    const answer = this.#answer(state.action, face, this.#start, hasBlinked);
    if (answer === 'wrong-way') return this.#fail('wrong-way');
    if (answer === 'done') {
      this.#start = undefined;
      this.#state = this.#asking(state.done + 1, sample.capturedAtMs) ?? { phase: 'passed' };
    }
    return this.#state;
  }

  /** The face left, or nobody answers: also without a frame the time runs out. */
  expire(nowMs: MonotonicMs): ChallengeState {
    const state = this.#state;
    return state.phase === 'asking' && nowMs > state.untilMs ? this.#fail('too-late') : state;
  }

  #asking(done: number, nowMs: MonotonicMs): ChallengeState | undefined {
    const action = this.#actions[done];
    if (action === undefined) return undefined;
    const untilMs = monotonicMs(nowMs + this.#limits.perActionMs);
    return { phase: 'asking', action, done, total: this.#actions.length, untilMs };
  }

  #fail(why: Extract<ChallengeState, { phase: 'failed' }>['why']): ChallengeState {
    this.#state = { phase: 'failed', why };
    return this.#state;
  }

  #answer(
    action: ChallengeAction,
    face: FaceShape,
    start: FaceShape,
    hasBlinked: boolean,
  ): 'done' | 'wrong-way' | 'not-yet' {
    // The picture is not mirrored: a turn to the person's left moves the nose to the picture's right.
    const turned = face.yaw - start.yaw;
    switch (action) {
      case 'blink':
        return hasBlinked ? 'done' : 'not-yet';
      case 'come-closer':
        return face.interEyePx >= this.#limits.closer * start.interEyePx ? 'done' : 'not-yet';
      case 'turn-left':
        return turnAnswer(turned, this.#limits.turn);
      case 'turn-right':
        return turnAnswer(-turned, this.#limits.turn);
      default:
        return assertNever(action);
    }
  }

  #isStraight({ yaw }: FaceShape): boolean {
    return Math.abs(yaw - (this.#neutral?.yaw ?? Number.NaN)) < this.#limits.turn / 2;
  }

  #shapeOf(mesh: Float32Array): FaceShape {
    for (let index = 0; index < MESH_POINTS; index += 1) {
      this.#points[2 * index] = mesh[3 * index] ?? Number.NaN;
      this.#points[2 * index + 1] = mesh[3 * index + 1] ?? Number.NaN;
    }
    return faceShape(this.#points);
  }
}

function turnAnswer(turned: number, needed: number): 'done' | 'wrong-way' | 'not-yet' {
  if (turned >= needed) return 'done';
  return turned <= -needed ? 'wrong-way' : 'not-yet';
}

/**
 * What the track is after a challenge: a passed one decides what looking on could not, but never
 * overrules an attack; a failed one leaves it undecided, with no more challenge due.
 */
export function afterChallenge(
  assessment: LivenessAssessment,
  challenge: ChallengeState,
): LivenessAssessment {
  if (assessment.outcome !== 'undecided') return assessment;
  const { logLikelihoodRatio } = assessment;
  switch (challenge.phase) {
    case 'asking':
      return assessment;
    case 'passed':
      return { outcome: 'bona-fide', logLikelihoodRatio };
    case 'failed':
      return { outcome: 'undecided', logLikelihoodRatio };
    default:
      return assertNever(challenge);
  }
}
