import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CALIBRATION_SCHEMA_VERSION, type Calibration } from '../domain/calibration.ts';
import { fusedEncoderId } from '../domain/encoder-fusion.ts';
import { ModelError } from '../domain/errors.ts';
import { similarity } from '../domain/units.ts';

const rate = z.number().min(0).max(1);
const interval = z.tuple([rate, rate]).readonly();
const count = z.int().nonnegative();

const schema = z.strictObject({
  schemaVersion: z.literal(CALIBRATION_SCHEMA_VERSION),
  modelId: z.string().min(1),
  dimension: z.int().positive(),
  date: z.string().regex(/^\d{4}-\d\d-\d\d$/),
  data: z.strictObject({
    name: z.string().min(1),
    subjects: count,
    samples: count,
    matedTrials: count,
    nonMatedTrials: count,
  }),
  fusion: z
    .array(z.strictObject({ modelId: z.string().min(1), weight: z.number().positive().lt(1) }))
    .min(2)
    .exactOptional(),
  direction: z.literal('higher-is-more-alike'),
  points: z
    .array(
      z.strictObject({
        fmr: rate,
        threshold: z.number().min(-1).max(1).transform(similarity),
        fmrInterval: interval,
        fnmr: rate,
        fnmrInterval: interval,
        extrapolated: z.boolean(),
      }),
    )
    .min(1),
  claims: z.array(z.string()),
});

/**
 * The calibration of an encoder, if it has one: the only source of thresholds.
 * @returns nothing when there is no file; the encoder then opens for nobody
 * @throws PORTICO_MODEL_CALIBRATION when the file is not a calibration of this encoder
 */
export function readCalibration(modelsDir: string, modelId: string): Calibration | undefined {
  const file = join(modelsDir, modelId, 'calibration.json');
  if (!existsSync(file)) return undefined;
  const fault = (message: string, cause?: unknown): ModelError =>
    new ModelError('PORTICO_MODEL_CALIBRATION', {
      message: `${file}: ${message}`,
      remedy: 'Restore the shipped file, or write it anew with `portico calibrate`.',
      cause,
      context: { modelId },
    });
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw fault('it is not JSON', cause);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw fault(z.prettifyError(parsed.error));
  if (parsed.data.modelId !== modelId) throw fault(`it belongs to ${parsed.data.modelId}`);
  const problem = fusionProblem(parsed.data);
  if (problem !== undefined) throw fault(problem);
  return parsed.data;
}

function fusionProblem({ modelId, fusion }: Calibration): string | undefined {
  if (fusion === undefined) return undefined;
  const sum = fusion.reduce((weights, { weight }) => weights + weight, 0);
  if (Math.abs(sum - 1) > 1e-6) return `the weights of its fusion add up to ${sum}, not to 1`;
  const parts = fusedEncoderId(fusion.map((part) => part.modelId));
  return parts === modelId ? undefined : `its fusion is of ${parts}`;
}
