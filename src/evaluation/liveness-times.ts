import type { ChallengeAction } from '../domain/challenge.ts';
import { challengeOf } from '../domain/liveness.ts';
import { generateClip } from '../synthesis/clip.ts';
import type { Portrait } from '../synthesis/portrait.ts';
import { PromptedHead } from '../synthesis/prompted-head.ts';
import type { VisionOptions } from '../vision/vision-options.ts';
import { VisionPipeline } from '../vision/vision-pipeline.ts';
import type { VisionStages } from '../vision/vision-stages.ts';

const SIZE = { widthPx: 640, heightPx: 480 } as const;
const FRAMES_PER_SECOND = 10;
/** Looking on, and a challenge of three actions at their slowest. */
const LONGEST_MS = 20_000;

export interface LivenessTimesRequest {
  readonly stages: VisionStages;
  readonly options: VisionOptions;
  /** Taken in turn. */
  readonly portraits: readonly Portrait[];
  readonly clips: number;
  /** What each clip is asked, where looking on does not decide or a challenge is always asked for. */
  readonly draw: () => readonly ChallengeAction[];
  /** Once for each clip; false ends. */
  readonly onClip: (done: number) => boolean;
}

/** Times to a finding of life, over clips that came to one. */
export interface TimesToDecision {
  readonly found: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

/** The stable shape of `portico evaluate liveness-time --json`. */
export interface LivenessTimes {
  readonly clips: number;
  /** Living clips that were called attacks. */
  readonly refused: number;
  /** Looking on alone, within the time after which a challenge is due. */
  readonly lookingOn: TimesToDecision;
  /** Clips that looking on left undecided, with the challenge that is then asked for. */
  readonly whenUndecided: TimesToDecision & { readonly asked: number };
  /** All clips, each asked for a challenge as soon as looking on has decided or had its time. */
  readonly always: TimesToDecision;
}

interface Course {
  readonly lookedOnMs: number | undefined;
  readonly challengedMs: number | undefined;
  readonly isRefused: boolean;
}

/** Generated living heads before the real pipeline: how long until each is found to be alive. */
export async function livenessTimes(request: LivenessTimesRequest): Promise<LivenessTimes> {
  const courses: Course[] = [];
  for (let clip = 0; clip < request.clips; clip += 1) {
    courses.push(await follow(request, clip));
    if (!request.onClip(courses.length)) break;
  }
  const undecided = courses.filter(({ lookedOnMs }) => lookedOnMs === undefined);
  return {
    clips: courses.length,
    refused: courses.filter(({ isRefused }) => isRefused).length,
    lookingOn: timesOf(courses.map(({ lookedOnMs }) => lookedOnMs)),
    whenUndecided: {
      asked: undecided.length,
      ...timesOf(undecided.map(({ challengedMs }) => challengedMs)),
    },
    always: timesOf(courses.map(({ challengedMs }) => challengedMs)),
  };
}

/** One clip until its challenge is over; it is asked once, when looking on has decided or had its time. */
async function follow(
  { stages, options, portraits, draw }: LivenessTimesRequest,
  index: number,
): Promise<Course> {
  const portrait = portraits[index % portraits.length];
  if (portrait === undefined) throw new RangeError('there is no portrait');
  const pipeline = new VisionPipeline(stages, options, () => performance.now());
  const acting = new PromptedHead();
  const clip = generateClip({
    portrait,
    acting,
    species: 'bona-fide',
    seed: 1_000 + index,
    size: SIZE,
    framesPerSecond: FRAMES_PER_SECOND,
    durationMs: LONGEST_MS,
  });
  let lookedOnMs: number | undefined;
  let isAsked = false;
  let promptedSteps = 0;
  for (let at = 0; at < clip.frameCount; at += 1) {
    const frame = clip.frame(at);
    const { subject } = await pipeline.observe(frame);
    if (subject === undefined) continue;
    const { liveness, trackId } = subject;
    if (liveness.outcome === 'attack')
      return { lookedOnMs, challengedMs: undefined, isRefused: true };
    const report = challengeOf(liveness);
    const isFound = liveness.outcome === 'bona-fide';
    const isDue = liveness.outcome === 'undecided' && liveness.challengeDue === true;
    if (!isAsked && isFound) lookedOnMs = frame.capturedAtMs;
    if (!isAsked && (isFound || isDue) && subject.quality.outcome === 'acceptable') {
      isAsked = true;
      pipeline.ask({ orderId: 1, trackId, actions: draw() });
    }
    if (report?.phase === 'asking' && report.done === promptedSteps) {
      promptedSteps += 1;
      acting.do(report.action, frame.capturedAtMs / 1_000);
    }
    if (report?.phase === 'passed' && isFound) {
      return { lookedOnMs, challengedMs: frame.capturedAtMs, isRefused: false };
    }
    if (report?.phase === 'failed') break;
  }
  return { lookedOnMs, challengedMs: undefined, isRefused: false };
}

/** Nearest rank: always a time that occurred. */
function timesOf(times: readonly (number | undefined)[]): TimesToDecision {
  const sorted = times.filter((ms) => ms !== undefined).sort((left, right) => left - right);
  const at = (share: number): number | null =>
    sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
  return { found: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95) };
}
