import { assertNever } from '../domain/assert-never.ts';
import {
  CHALLENGE_STEPS,
  type ChallengeAction,
  type ChallengeOrder,
  type ChallengeProgress,
  type ChallengeReport,
} from '../domain/challenge.ts';
import { MESH_POINTS } from '../domain/face.ts';
import { type MonotonicMs, monotonicMs } from '../domain/units.ts';
import { BlinkDetector } from './blink-detector.ts';
import { type FaceShape, faceShape } from './face-shape.ts';
import type { LivenessSample } from './liveness-sample.ts';

export interface ChallengeLimits {
  /** Time for each action. */
  readonly perActionMs: number;
  /** How far the nose tip moves to the side in a turn, in inter-eye distances: 0.2 is about 20 degrees. */
  readonly turn: number;
  /** How much larger a face that comes closer becomes. */
  readonly closer: number;
}

/** The largest sideways move of the nose among 7,200 frames of people told to stand still was 0.07. */
export const CHALLENGE_LIMITS: ChallengeLimits = { perActionMs: 5_000, turn: 0.2, closer: 1.25 };

/**
 * Asks for actions one after the other and checks them, in time and in order, on the samples of one
 * unbroken track. A turn that was not asked for is a failure at once: what answers by chance gets no
 * second try. A passed or failed challenge stays so.
 */
export class Challenge {
  readonly #order: ChallengeOrder;
  readonly #limits: ChallengeLimits;
  readonly #points = new Float64Array(2 * MESH_POINTS);
  #progress: ChallengeProgress;
  #untilMs: MonotonicMs;
  #isStraight = true;
  /** Least distance of the eyes of a straight face so far: who steps forward while turning back has come closer. */
  #farthestPx = Number.POSITIVE_INFINITY;
  #blinks = new BlinkDetector();
  /** The face as the challenge began: what "straight ahead" is. */
  #neutral: FaceShape | undefined;
  /** The face from which the present action starts: absent until the head is straight again, and recognised. */
  #start: FaceShape | undefined;

  /** @param order  one of fewer than `CHALLENGE_STEPS` actions, or without a turn, has failed: it proves too little */
  constructor(
    order: ChallengeOrder,
    startMs: MonotonicMs,
    limits: ChallengeLimits = CHALLENGE_LIMITS,
  ) {
    this.#order = order;
    this.#limits = limits;
    this.#untilMs = startMs;
    this.#progress = isFit(order.actions)
      ? this.#ask(0, startMs)
      : { phase: 'failed', why: 'unfit' };
  }

  get report(): ChallengeReport {
    return { orderId: this.#order.orderId, ...this.#progress };
  }

  /** Whether the face of the newest sample looks about the way it did when the challenge began. */
  get isStraight(): boolean {
    return this.#isStraight;
  }

  /**
   * Takes in one frame of the subject, in order of capture.
   * @param isRecognisable  each action starts from a frame that shows who is there: nobody answers for another
   */
  observe({ mesh, capturedAtMs }: LivenessSample, isRecognisable: boolean): ChallengeReport {
    const face = this.#shapeOf(mesh);
    this.#neutral ??= face;
    // False too for a mesh that is none: NaN is not less.
    this.#isStraight = Math.abs(face.yaw - this.#neutral.yaw) < this.#limits.turn / 2;
    const progress = this.#progress;
    if (this.#isStraight) this.#farthestPx = Math.min(this.#farthestPx, face.interEyePx);
    if (progress.phase === 'asking') {
      if (this.#isStraight && isRecognisable) this.#start ??= face;
      this.#progress = this.#judge(progress, face, capturedAtMs);
    }
    return this.report;
  }

  #judge(
    progress: Extract<ChallengeProgress, { phase: 'asking' }>,
    face: FaceShape,
    nowMs: MonotonicMs,
  ): ChallengeProgress {
    if (nowMs > this.#untilMs) return { phase: 'failed', why: 'too-late' };
    const hasBlinked = this.#blinks.observe(face, nowMs);
    if (this.#start === undefined) return progress;
    const answer = this.#answer(progress.action, face, this.#start, hasBlinked);
    if (answer === 'wrong-way') return { phase: 'failed', why: 'wrong-way' };
    return answer === 'done' ? this.#ask(progress.done + 1, nowMs) : progress;
  }

  #ask(done: number, nowMs: MonotonicMs): ChallengeProgress {
    const { actions } = this.#order;
    const action = actions[done];
    if (action === undefined) return { phase: 'passed' };
    this.#start = undefined;
    this.#untilMs = monotonicMs(nowMs + this.#limits.perActionMs);
    return { phase: 'asking', action, done, total: actions.length };
  }

  #answer(
    action: ChallengeAction,
    face: FaceShape,
    start: FaceShape,
    hasBlinked: boolean,
  ): 'done' | 'wrong-way' | 'not-yet' {
    // The picture is not mirrored: a turn to the person's left moves the nose to the picture's right.
    const turned = face.yaw - start.yaw;
    const { turn, closer } = this.#limits;
    switch (action) {
      case 'turn-left':
        return turnAnswer(turned, turn);
      case 'turn-right':
        return turnAnswer(-turned, turn);
      case 'blink':
        return Math.abs(turned) >= turn ? 'wrong-way' : doneIf(hasBlinked);
      case 'come-closer':
        return Math.abs(turned) >= turn
          ? 'wrong-way'
          : doneIf(face.interEyePx >= closer * this.#farthestPx);
      default:
        return assertNever(action);
    }
  }

  #shapeOf(mesh: Float32Array): FaceShape {
    for (let index = 0; index < MESH_POINTS; index += 1) {
      this.#points[2 * index] = mesh[3 * index] ?? Number.NaN;
      this.#points[2 * index + 1] = mesh[3 * index + 1] ?? Number.NaN;
    }
    return faceShape(this.#points);
  }
}

const isFit = (actions: readonly ChallengeAction[]): boolean =>
  actions.length >= CHALLENGE_STEPS &&
  actions.some((action) => action === 'turn-left' || action === 'turn-right');

const doneIf = (isDone: boolean): 'done' | 'not-yet' => (isDone ? 'done' : 'not-yet');

function turnAnswer(turned: number, needed: number): 'done' | 'wrong-way' | 'not-yet' {
  if (turned >= needed) return 'done';
  return turned <= -needed ? 'wrong-way' : 'not-yet';
}
