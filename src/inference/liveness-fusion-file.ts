import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ModelError } from '../domain/errors.ts';
import {
  type HorizonWeights,
  LIVENESS_FUSION_SCHEMA_VERSION,
  type LivenessFusion,
} from '../domain/liveness-fusion.ts';

const rate = z.number().min(0).max(1);
const count = z.int().positive();
const share = z.strictObject({
  rate,
  interval: z.tuple([rate, rate]).readonly(),
  trials: count,
});
const numbers = z.array(z.number());

const scale = z.number().positive();
const weighed = {
  centres: numbers,
  scales: z.array(scale),
  species: z
    .array(z.strictObject({ species: z.string().min(1), intercept: z.number(), weights: numbers }))
    .min(1),
  slope: z.number().positive(),
  offset: z.number(),
};
const cues = z.array(z.string().min(1)).min(1);

const schema = z.strictObject({
  schemaVersion: z.literal(LIVENESS_FUSION_SCHEMA_VERSION),
  date: z.string().regex(/^\d{4}-\d\d-\d\d$/),
  data: z.strictObject({ name: z.string().min(1), persons: count, clips: count }),
  cadenceMs: count,
  cues,
  cueLimit: scale,
  penalty: scale,
  horizons: z
    .array(z.strictObject({ samples: z.int().min(2), ...weighed, threshold: z.number() }))
    .min(1),
  bounds: z.strictObject({
    bonaFide: z.number().positive(),
    attack: z.number().negative(),
    motion: z.number(),
    fewestSamples: z.int().min(2),
  }),
  marks: z
    .strictObject({
      data: z.strictObject({
        name: z.string().min(1),
        persons: count,
        clips: count,
        seed: z.int().nonnegative(),
      }),
      cues,
      cueLimit: scale,
      penalty: scale,
      ...weighed,
      aucs: z.record(z.string(), rate),
    })
    .exactOptional(),
  crossValidated: z.array(
    z.strictObject({
      seconds: z.number().positive(),
      auc: rate,
      bpcer: share,
      apcer: z.record(z.string(), share),
    }),
  ),
});

/** Where the shipped weights are. */
export const livenessFusionPath = (modelsDir: string): string =>
  join(modelsDir, 'liveness-fusion', 'weights.json');

/**
 * The fitted weights of the liveness fusion.
 * @throws PORTICO_MODEL_CALIBRATION when there are none, or they do not fit together
 */
export function readLivenessFusion(file: string): LivenessFusion {
  const fault = (message: string, cause?: unknown): ModelError =>
    new ModelError('PORTICO_MODEL_CALIBRATION', {
      message: `${file}: ${message}`,
      remedy: 'Restore the shipped weights, or fit them anew with `portico calibrate liveness`.',
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw fault('it cannot be read as JSON', cause);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw fault(z.prettifyError(parsed.error));
  const fusion = parsed.data;
  for (const horizon of fusion.horizons) {
    if (!areOf(fusion.cues, horizon)) {
      throw fault(`the weights for ${horizon.samples} key frames are not of all cues`);
    }
  }
  if (fusion.marks !== undefined && !areOf(fusion.marks.cues, fusion.marks)) {
    throw fault('the weights of the marks are not of all cues');
  }
  if (fusion.horizons.some((horizon, index) => horizon.samples !== index + 2)) {
    throw fault('the horizons are not 2, 3, 4 ... key frames');
  }
  return fusion;
}

/** Whether there is a weight, a centre and a scale for each cue. */
function areOf(
  cues: readonly string[],
  { centres, scales, species }: Pick<HorizonWeights, 'centres' | 'scales' | 'species'>,
): boolean {
  const lists = [centres, scales, ...species.map(({ weights }) => weights)];
  return lists.every(({ length }) => length === cues.length);
}
