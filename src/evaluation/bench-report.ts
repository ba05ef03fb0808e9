import { VISION_STAGES } from '../domain/observation.ts';
import type { RungReport } from '../inference/providers.ts';
import { describeThreads, type ThreadChoice } from '../inference/thread-choice.ts';
import type { BenchSamples, BenchStage, MemorySample } from './bench-samples.ts';
import { lineSlope } from './line-slope.ts';
import { renderTable } from './render-table.ts';

/** The goal of the project: all that is not a model's own run costs at most this share more. */
export const OVERHEAD_GOAL = 1.15;

/** And liveness at most this share of what a frame takes without it. */
const LIVENESS_GOAL = 0.3;
/** Frames a second of the camera that is configured where nothing is said. */
const CAMERA_RATE = 15;

export interface StageQuantiles {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

export interface BenchRun {
  readonly provider: string;
  readonly ladder: readonly RungReport[];
  readonly samples: BenchSamples;
  /** Over all samples. */
  readonly elapsedMs: number;
  readonly eventLoopDelayP99Ms: number;
  readonly memory: readonly MemorySample[];
  readonly startUp: BenchReport['startUp'];
}

/** The stable shape of `portico bench --json`. Times in milliseconds. */
export interface BenchReport {
  readonly provider: string;
  /** Of the networks that run on the processor, by their ids. */
  readonly threads: Readonly<Record<string, ThreadChoice>>;
  readonly frames: number;
  /** `total` is a frame's whole way through the worker; the others are its parts. */
  readonly stages: Readonly<Record<string, StageQuantiles>>;
  /** Means over all frames: the bare runs of the models, and the whole way. */
  readonly modelSumMs: number;
  readonly pipelineMs: number;
  readonly overheadRatio: number;
  /** What liveness adds to the mean time of a frame at `CAMERA_RATE`; absent where it is waived. */
  readonly livenessRatio?: number;
  readonly framesPerSecond: number;
  readonly eventLoopDelayMs: { readonly p99: number };
  /** Least squares over the second half of the run. */
  readonly rssSlopeBytesPerFrame: number;
  /** From the beginning of the command. */
  readonly startUp: { readonly readyMs: number; readonly firstDecisionMs: number };
}

export function benchReport(run: BenchRun): BenchReport {
  const { samples, memory } = run;
  const ran = VISION_STAGES.filter((stage) => samples.sorted(stage).length > 0);
  const modelSumMs = samples.meanMs('models');
  const pipelineMs = samples.meanMs('total');
  const framesPerSecond = (samples.count * 1000) / run.elapsedMs;
  const settled = memory.slice(Math.floor(memory.length / 2));
  return {
    provider: run.provider,
    threads: Object.fromEntries(
      run.ladder.flatMap(({ modelId, threads }) =>
        threads === undefined ? [] : [[modelId, threads]],
      ),
    ),
    frames: samples.count,
    stages: Object.fromEntries(ran.map((stage) => [stage, quantilesOf(samples, stage)])),
    modelSumMs: rounded(modelSumMs),
    pipelineMs: rounded(pipelineMs),
    overheadRatio: rounded(pipelineMs / modelSumMs),
    ...(ran.includes('liveness')
      ? { livenessRatio: livenessRatioOf(samples, framesPerSecond) }
      : {}),
    framesPerSecond: rounded(framesPerSecond),
    eventLoopDelayMs: { p99: rounded(run.eventLoopDelayP99Ms) },
    rssSlopeBytesPerFrame: Math.round(
      lineSlope(settled.map(({ frame, bytes }) => [frame, bytes] as const)),
    ),
    startUp: run.startUp,
  };
}

/**
 * What every frame bears is the median; what is above it on average belongs to the key frames, which come by
 * the clock, so that at a camera's rate each frame bears more of them than at full speed.
 */
function livenessRatioOf(samples: BenchSamples, framesPerSecond: number): number {
  const meanMs = samples.meanMs('liveness');
  const everyFrameMs = Math.min(meanMs, quantilesOf(samples, 'liveness').p50Ms);
  const keyFramesMs = (meanMs - everyFrameMs) * Math.max(1, framesPerSecond / CAMERA_RATE);
  return rounded((everyFrameMs + keyFramesMs) / (samples.meanMs('total') - meanMs));
}

/** For people: each stage with its share of the whole, then what the goals are about. */
export function renderBench(report: BenchReport, samples: BenchSamples): string {
  const { pipelineMs, modelSumMs, overheadRatio, livenessRatio, startUp } = report;
  const share = (stage: BenchStage): string =>
    `${((samples.meanMs(stage) / pipelineMs) * 100).toFixed(0)} %`;
  const rows = VISION_STAGES.flatMap((stage) => {
    const quantiles = report.stages[stage];
    if (quantiles === undefined) return [];
    const { p50Ms, p95Ms, p99Ms } = quantiles;
    return [[stage, ...[p50Ms, p95Ms, p99Ms].map((ms) => ms.toFixed(2)), share(stage)]];
  });
  return [
    renderTable(['stage', 'p50 ms', 'p95 ms', 'p99 ms', 'share'], rows),
    '',
    `  ${report.frames} frames on ${report.provider}: ${report.framesPerSecond.toFixed(1)} a second`,
    `  pipeline ${pipelineMs.toFixed(2)} ms over models ${modelSumMs.toFixed(2)} ms = ` +
      `${overheadRatio.toFixed(3)} (goal: at most ${OVERHEAD_GOAL})`,
    ...(livenessRatio === undefined
      ? []
      : [
          `  liveness adds ${(100 * livenessRatio).toFixed(1)} % to the time of a frame at ${CAMERA_RATE} a second ` +
            `(goal: at most ${100 * LIVENESS_GOAL} %)`,
        ]),
    ...Object.entries(report.threads).map(
      ([modelId, choice]) => `  threads of ${modelId}: ${describeThreads(choice)}`,
    ),
    `  main thread: p99 of the delay of its event loop ${report.eventLoopDelayMs.p99.toFixed(1)} ms`,
    `  memory: ${report.rssSlopeBytesPerFrame} bytes a frame over the second half`,
    `  start: ready after ${startUp.readyMs} ms, first decision after ${startUp.firstDecisionMs} ms`,
  ].join('\n');
}

function quantilesOf(samples: BenchSamples, stage: BenchStage): StageQuantiles {
  const sorted = samples.sorted(stage);
  // Nearest rank: always a value that occurred.
  const at = (share: number): number =>
    rounded(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN);
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
