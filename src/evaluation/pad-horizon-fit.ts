import type { HorizonWeights } from '../domain/liveness-fusion.ts';
import type { PadExample } from './pad-examples.ts';
import { UNCORRECTED } from './ratio-correction.ts';
import { fitSpeciesWeights, type LabelledCues } from './species-fit.ts';

/** Fits the weights for tracks of `samples` key frames; slope and offset are those of an uncorrected score. */
export function fitHorizon(
  examples: readonly PadExample[],
  samples: number,
  penalty: number,
): HorizonWeights {
  const rows = examples.flatMap(({ species, windows }) => {
    const own = windows.get(samples) ?? [];
    return own.map((values): LabelledCues => ({ species, values, weight: 1 / own.length }));
  });
  return { samples, ...fitSpeciesWeights(rows, penalty), ...UNCORRECTED, threshold: 0 };
}
