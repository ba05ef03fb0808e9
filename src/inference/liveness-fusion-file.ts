import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ModelError } from '../domain/errors.ts';
import { LIVENESS_FUSION_SCHEMA_VERSION, type LivenessFusion } from '../domain/liveness-fusion.ts';

const rate = z.number().min(0).max(1);
const count = z.int().positive();
const share = z.strictObject({
  rate,
  interval: z.tuple([rate, rate]).readonly(),
  trials: count,
});
const numbers = z.array(z.number());

const schema = z.strictObject({
  schemaVersion: z.literal(LIVENESS_FUSION_SCHEMA_VERSION),
  date: z.string().regex(/^\d{4}-\d\d-\d\d$/),
  data: z.strictObject({ name: z.string().min(1), persons: count, clips: count }),
  cadenceMs: count,
  cues: z.array(z.string().min(1)).min(1),
  cueLimit: z.number().positive(),
  penalty: z.number().positive(),
  horizons: z
    .array(
      z.strictObject({
        samples: z.int().min(2),
        centres: numbers,
        scales: z.array(z.number().positive()),
        species: z
          .array(
            z.strictObject({
              species: z.string().min(1),
              intercept: z.number(),
              weights: numbers,
            }),
          )
          .min(1),
        slope: z.number().positive(),
        offset: z.number(),
        threshold: z.number(),
      }),
    )
    .min(1),
  bounds: z.strictObject({
    bonaFide: z.number().positive(),
    attack: z.number().negative(),
    motion: z.number(),
    fewestSamples: z.int().min(2),
  }),
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
  const cues = fusion.cues.length;
  for (const horizon of fusion.horizons) {
    const lengths = [horizon.centres, horizon.scales, ...horizon.species.map((one) => one.weights)];
    if (lengths.some(({ length }) => length !== cues)) {
      throw fault(`the weights for ${horizon.samples} key frames are not of ${cues} cues`);
    }
  }
  if (fusion.horizons.some((horizon, index) => horizon.samples !== index + 2)) {
    throw fault('the horizons are not 2, 3, 4 ... key frames');
  }
  return fusion;
}
