import { ModelError } from '../domain/errors.ts';
import type { LivenessAssessment } from '../domain/liveness.ts';
import type { LivenessFusion } from '../domain/liveness-fusion.ts';
import type { MonotonicMs } from '../domain/units.ts';
import { ALL_CUES, cueVector } from './cues/all-cues.ts';
import { type CueContribution, type FusionScore, fusionScore, horizonFor } from './fusion-score.ts';
import type { KeyFrame } from './key-frame.ts';
import { KeyFrameSampler } from './key-frame-sampler.ts';
import type { LivenessSample } from './liveness-sample.ts';
import { markScore, withMarks } from './picture-marks.ts';
import { markVector } from './pixel-cues/mark-vector.ts';
import { PIXEL_CUES } from './pixel-cues/pixel-evidence.ts';
import { SequentialTest } from './sequential-test.ts';
import { CONTINUITY_LIMITS, type ContinuityLimits, TrackContinuity } from './track-continuity.ts';

export interface TrackLivenessOptions {
  /** Undecided for longer than this on one track, only a challenge can decide. */
  readonly deadlineMs: number;
  readonly continuity: ContinuityLimits;
}

/** By four seconds 85 % of the bona fide clips are decided, by ten 92 %: waiting longer asks too much. */
export const TRACK_LIVENESS_OPTIONS: TrackLivenessOptions = {
  deadlineMs: 4_000,
  continuity: CONTINUITY_LIMITS,
};

/** How the head moves, where it was asked to. */
export interface AskedPose {
  /** False: the track goes on, but the frame is none that the weights were fitted on. */
  readonly isMeasurable: boolean;
  /** Absent: no more than people move by themselves; see `ContinuityLimits`. */
  readonly maxReshape?: number;
}

const UNASKED: AskedPose = { isMeasurable: true };

const KINDS = ALL_CUES.map(({ kind }) => kind);

/**
 * Sequential probability ratio test of one track after another: evidence gathers key frame by key frame
 * until the ratio passes one of the two bounds. Stillness never refuses anybody, and nothing is decided
 * on fewer key frames than the bounds say or without the passive networks. An attack stays one for the rest of
 * the track; a bona fide finding lasts as long as the evidence goes on to favour it. All evidence dies
 * with the track, and at any break in it.
 */
export class TrackLiveness {
  readonly #fusion: LivenessFusion;
  readonly #options: TrackLivenessOptions;
  readonly #sampler: KeyFrameSampler;
  readonly #continuity: TrackContinuity;
  readonly #test: SequentialTest;
  /** Key frames of the present track, oldest first; no more than the longest horizon. */
  #window: readonly KeyFrame[] = [];
  #score: FusionScore | undefined;
  #beganAtMs: MonotonicMs | undefined;

  /** @throws PORTICO_MODEL_CALIBRATION when the weights were fitted for other cues */
  constructor(fusion: LivenessFusion, options: TrackLivenessOptions = TRACK_LIVENESS_OPTIONS) {
    assertCues(fusion);
    this.#fusion = fusion;
    this.#options = options;
    this.#sampler = new KeyFrameSampler(fusion.cadenceMs);
    this.#test = new SequentialTest(fusion.bounds);
    this.#continuity = new TrackContinuity(options.continuity);
  }

  /** Whether the passive networks are wanted for a frame of this moment; on others they may be left out. */
  wantsPassive(atMs: MonotonicMs): boolean {
    return this.#sampler.isDue(atMs);
  }

  /** When the evidence of the present track begins; every break in the track begins it anew. */
  get beganAtMs(): MonotonicMs | undefined {
    return this.#beganAtMs;
  }

  /** Of all evidence so far, with no credit to an attack for what did not move; undefined before a decision. */
  get ratioWithoutStillness(): number | undefined {
    return this.#hasEnough() ? this.#score?.ratioWithoutStillness : undefined;
  }

  /** What the marks of a picture say, <= 0; 0 where there are none. */
  get marksRatio(): number {
    return this.#score?.marksRatio ?? 0;
  }

  /** Takes in one frame of the subject, in order of capture. */
  observe(sample: LivenessSample, asked: AskedPose = UNASKED): LivenessAssessment {
    if (!this.#continuity.continues(sample, asked.maxReshape)) {
      this.#forget();
      this.#beganAtMs = sample.capturedAtMs;
    }
    const keyFrame = asked.isMeasurable ? this.#sampler.take(sample) : undefined;
    if (keyFrame !== undefined) this.#addKeyFrame(keyFrame);
    return this.#withDeadline(this.#test.assessment, sample.capturedAtMs);
  }

  /** What each cue adds to the present ratio, strongest first; empty before the second key frame. */
  explain(): readonly CueContribution[] {
    const contributions = this.#score?.contributions ?? [];
    return contributions.toSorted(
      (left, right) => Math.abs(right.contribution) - Math.abs(left.contribution),
    );
  }

  /** Nobody is there any more. */
  reset(): void {
    this.#forget();
    this.#continuity.reset();
  }

  #forget(): void {
    this.#sampler.reset();
    this.#window = [];
    this.#score = undefined;
    this.#beganAtMs = undefined;
    this.#test.reset();
  }

  #addKeyFrame(keyFrame: KeyFrame): void {
    const longest = this.#fusion.horizons.at(-1)?.samples ?? 0;
    this.#window = [...this.#window, keyFrame].slice(-longest);
    const horizon = horizonFor(this.#fusion, this.#window.length);
    if (horizon === undefined) return;
    const score = fusionScore(this.#fusion, horizon, cueVector(this.#window), KINDS);
    const { marks } = this.#fusion;
    this.#score = withMarks(score, marks && markScore(marks, markVector(this.#window)));
    if (this.#hasEnough()) this.#test.step(this.#score, this.#window.length);
  }

  /** Whatever the rest says: without the passive networks there is nothing to decide on. */
  #hasEnough(): boolean {
    return (
      this.#window.length >= this.#fusion.bounds.fewestSamples &&
      this.#window.some(({ passive }) => passive !== undefined)
    );
  }

  #withDeadline(assessment: LivenessAssessment, nowMs: MonotonicMs): LivenessAssessment {
    if (assessment.outcome !== 'undecided' || this.#beganAtMs === undefined) return assessment;
    if (nowMs - this.#beganAtMs < this.#options.deadlineMs) return assessment;
    return { ...assessment, challengeDue: true };
  }
}

function assertCues({ cues, marks }: LivenessFusion): void {
  const known = [...ALL_CUES.map(({ name }) => name), ...(marks === undefined ? [] : PIXEL_CUES)];
  const fitted = [...cues, ...(marks?.cues ?? [])];
  if (fitted.length === known.length && fitted.every((cue, index) => cue === known[index])) return;
  throw new ModelError('PORTICO_MODEL_CALIBRATION', {
    message: `the liveness weights were fitted for other cues: ${fitted.join(', ')}`,
    remedy: 'Restore the shipped weights, or fit them anew with `portico calibrate liveness`.',
  });
}
