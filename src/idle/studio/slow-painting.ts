import {
  type PaintCheckpoint,
  type PaintOptions,
  paint,
  type RunnableGraph,
} from '../../art/paint.ts';
import { PAINT_DEFAULTS, type PaintLevel, type PaintRequest } from '../../art/paint-request.ts';
import { type Picture, pictureOf } from '../../art/picture.ts';
import type { Graph } from '../../graph/graph.ts';
import type { SlowCommission } from './easel-messages.ts';

/** From coarse to fine. */
export interface SlowPlan {
  readonly coarsePx: number;
  readonly coarseSteps: number;
  readonly fineSteps: number;
}

const PLAN: SlowPlan = { coarsePx: 256, coarseSteps: 90, fineSteps: 60 };
/** The pictures of both sizes are looked at before the first step of each. */
const LOOKS = 4;
/** Finer than this in the size makes no difference to an eye. */
const SIZE_STEP_PX = 16;

/** A pause between two runs of the engine. */
export interface Breath {
  /** Of the painting, in [0, 1]. */
  readonly share: number;
  /** How many runs the whole painting takes, about. */
  readonly runs: number;
  /** What it looks like now; undefined before anything is painted. */
  readonly picture: (() => Picture) | undefined;
}

export interface SlowPaintingParts {
  readonly backbone: Graph;
  readonly open: (graph: Graph) => Promise<RunnableGraph>;
  readonly now: () => number;
  /** Before every run: it begins when this resolves. */
  readonly breathe: (breath: Breath) => Promise<void>;
  readonly plan?: SlowPlan;
}

/**
 * A Gatys painting that asks before every single run of the engine, first coarse, then as fine as runs
 * may be long.
 * @returns the finished picture
 */
export async function paintSlowly(
  commission: SlowCommission,
  { backbone, open, now, breathe, plan = PLAN }: SlowPaintingParts,
): Promise<Picture> {
  const planned = plan.coarseSteps + plan.fineSteps + LOOKS;
  let picture: (() => Picture) | undefined;
  let runs = 0;
  let lastRunMs = 0;
  const options: PaintOptions = {
    backbone,
    open: async (graph) => {
      const ready = await open(graph);
      const run: RunnableGraph['run'] = async (feeds) => {
        await breathe({ share: Math.min(1, runs / planned), runs: planned, picture });
        const beganMs = now();
        const results = await ready.run(feeds);
        runs += 1;
        lastRunMs = now() - beganMs;
        return results;
      };
      return { run, close: () => ready.close() };
    },
    onStep: (_step, current) => {
      picture = current;
    },
  };
  const coarse = {
    longSidePx: Math.min(plan.coarsePx, commission.longSidePx),
    steps: plan.coarseSteps,
  };
  let reached: PaintCheckpoint | undefined;
  const first = await paint(requestOf(commission, [coarse]), {
    ...options,
    checkpointEverySteps: plan.coarseSteps,
    onCheckpoint: (checkpoint) => {
      reached = checkpoint;
      return Promise.resolve();
    },
  });
  const longSidePx = fineSize(commission, coarse.longSidePx, lastRunMs);
  if (reached === undefined || longSidePx <= coarse.longSidePx) return first.picture;
  const fine = await paint(requestOf(commission, [coarse, { longSidePx, steps: plan.fineSteps }]), {
    ...options,
    resumeFrom: { ...reached, level: 1, step: 0 },
  });
  return fine.picture;
}

/** A run's time goes with the number of its pixels. */
function fineSize(
  { longSidePx, longestRunMs }: SlowCommission,
  coarsePx: number,
  coarseRunMs: number,
): number {
  const allowedPx = coarsePx * Math.sqrt(longestRunMs / Math.max(1, coarseRunMs));
  return SIZE_STEP_PX * Math.floor(Math.min(longSidePx, allowedPx) / SIZE_STEP_PX);
}

function requestOf(
  { content, style }: SlowCommission,
  levels: readonly PaintLevel[],
): PaintRequest {
  return {
    content: pictureOf(content),
    styles: [{ picture: pictureOf(style), share: 1 }],
    settings: { ...PAINT_DEFAULTS, levels },
  };
}
