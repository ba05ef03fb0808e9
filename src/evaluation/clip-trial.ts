import type { LivenessAssessment } from '../domain/liveness.ts';
import type { CueContribution } from '../liveness/fusion-score.ts';
import { type ClipOptions, generateClip } from '../synthesis/clip.ts';
import type { VisionOptions } from '../vision/vision-options.ts';
import { VisionPipeline } from '../vision/vision-pipeline.ts';
import type { VisionStages } from '../vision/vision-stages.ts';

/** What the door's vision first said of a clip. */
export interface ClipVerdict {
  /** 'undecided': a challenge would be asked for. */
  readonly outcome: Exclude<LivenessAssessment['outcome'], 'not-assessed'>;
  /** From the first frame that shows what the clip is about; absent while undecided. */
  readonly atMs: number | undefined;
  /** What each cue added by then, strongest first. */
  readonly because: readonly CueContribution[];
}

/**
 * Shows a generated clip to the whole of vision, frame by frame.
 * Of an attack only the frames count that show the picture: before one is slid in, a living person is
 * seen, and is right to be found alive; but a finding that outlives the person is an attack let in.
 * @throws PORTICO_MODEL_RUN
 */
export async function clipVerdict(
  stages: VisionStages,
  vision: VisionOptions,
  clipOptions: ClipOptions,
): Promise<ClipVerdict> {
  const pipeline = new VisionPipeline(stages, vision, () => 0);
  const isAttack = clipOptions.species !== 'bona-fide';
  let fromMs: number | undefined;
  for (const frame of generateClip(clipOptions).frames()) {
    const { subject } = await pipeline.observe(frame);
    if (frame.showsPicture !== isAttack) continue;
    fromMs ??= frame.capturedAtMs;
    const outcome = subject?.liveness.outcome;
    if (outcome === 'bona-fide' || outcome === 'attack') {
      const because = pipeline.explainLiveness();
      return { outcome, atMs: frame.capturedAtMs - fromMs, because };
    }
  }
  return { outcome: 'undecided', atMs: undefined, because: pipeline.explainLiveness() };
}
