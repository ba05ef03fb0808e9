import { fileURLToPath } from 'node:url';
import type { LivenessFusion } from '../../src/domain/liveness-fusion.ts';
import { ALL_CUES } from '../../src/liveness/cues/all-cues.ts';

/** The weights that the repository ships. */
export const SHIPPED_WEIGHTS = fileURLToPath(
  new URL('../../../models/liveness-fusion/weights.json', import.meta.url),
);

/** A fusion in which only the named cues count; every cue is centred at 0 with scale 1 unless said. */
export function aFusion(
  weights: Readonly<Record<string, number>>,
  rest: Partial<LivenessFusion> & { readonly species?: number } = {},
): LivenessFusion {
  const { species = 1, ...others } = rest;
  return {
    schemaVersion: 2,
    date: '2026-01-01',
    data: { name: 'made by hand', persons: 1, clips: 1 },
    cadenceMs: 750,
    cues: ALL_CUES.map(({ name }) => name),
    cueLimit: 10,
    penalty: 1,
    horizons: [2, 3, 4, 5].map((samples) => ({
      samples,
      centres: ALL_CUES.map(() => 0),
      scales: ALL_CUES.map(() => 1),
      species: Array.from({ length: species }, (_, index) => ({
        species: `species-${index}`,
        intercept: 0,
        weights: ALL_CUES.map(({ name }) => weights[name] ?? 0),
      })),
      slope: 1,
      offset: 0,
      threshold: 0,
    })),
    bounds: { bonaFide: 2, attack: -2, motion: -1, fewestSamples: 2 },
    crossValidated: [],
    ...others,
  };
}
