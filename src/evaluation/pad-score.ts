import type { HorizonWeights, LivenessFusion } from '../domain/liveness-fusion.ts';
import { ALL_CUES } from '../liveness/cues/all-cues.ts';
import { type FusionScore, fusionScore } from '../liveness/fusion-score.ts';
import { CUE_NAMES, type PadExample } from './pad-examples.ts';
import { CUE_LIMIT } from './species-fit.ts';

const KINDS = ALL_CUES.map(({ kind }) => kind);

/** The scores of one clip as its track grows. */
export interface ClipScores {
  readonly example: PadExample;
  /** Per number of key frames that the clip has. */
  readonly bySamples: ReadonlyMap<number, FusionScore>;
}

/** What the fusion says of the start of a clip, for each length that it was fitted for. */
export function scoreClip(
  example: PadExample,
  horizons: readonly HorizonWeights[],
  cueLimit: LivenessFusion['cueLimit'] = CUE_LIMIT,
): ClipScores {
  const bySamples = new Map<number, FusionScore>();
  for (const horizon of horizons) {
    const start = example.windows.get(horizon.samples)?.[0];
    if (start === undefined) continue;
    const fusion = { cues: CUE_NAMES, cueLimit };
    bySamples.set(horizon.samples, fusionScore(fusion, horizon, start, KINDS));
  }
  return { example, bySamples };
}
