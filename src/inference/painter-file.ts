import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ModelError } from '../domain/errors.ts';

const size = z.int().positive();
const weight = z.number().min(0);

const schema = z.strictObject({
  schemaVersion: z.literal(1),
  description: z.string().min(1),
  licence: z.string().min(1).describe('Of the weights'),
  weights: z.strictObject({
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'),
    bytes: size,
  }),
  design: z.strictObject({
    channels: z.tuple([size, size, size]).describe('At full, half and quarter size'),
    blocks: size,
  }),
  styles: z
    .array(
      z.strictObject({
        name: z.string().min(1).describe('For commands and settings'),
        title: z.string().min(1).describe('For people'),
        origin: z.string().min(1).describe('Who made the picture, when, and whose it is'),
      }),
    )
    .min(1),
  training: z
    .array(
      z.strictObject({
        steps: size,
        cropPx: size,
        pairs: size,
        stylePx: size,
        learningRate: z.number().positive(),
        seed: z.int(),
        weights: z.strictObject({
          content: weight,
          style: weight,
          totalVariation: weight,
          steadiness: weight,
        }),
        backbone: z.string().min(1),
        photos: size.describe('How many photographs it has seen'),
      }),
    )
    .min(1)
    .describe('One after the other: a stage begins with what the one before has learnt'),
});

/** What `painter.json` says of the weights beside it. */
export type PainterDescription = z.infer<typeof schema>;
export type PainterStyle = PainterDescription['styles'][number];
export type TrainingStage = PainterDescription['training'][number];

export const DESCRIPTION_FILE = 'painter.json';
export const WEIGHTS_FILE = 'painter.onnx';

/** Where the shipped painter is. */
export const shippedPainterDir = (modelsDir: string): string => join(modelsDir, 'painter');

export interface PainterFiles {
  readonly description: PainterDescription;
  /** The ONNX file, its digest checked. */
  readonly onnx: Uint8Array;
}

/**
 * Reads a trained painter.
 * @param folder holds `painter.json` and `painter.onnx`
 * @throws PORTICO_MODEL_MISSING, PORTICO_MODEL_MANIFEST, PORTICO_MODEL_INTEGRITY
 */
export function readPainterFiles(folder: string): PainterFiles {
  const file = join(folder, DESCRIPTION_FILE);
  const description = parse(read(folder, DESCRIPTION_FILE).toString(), file);
  const onnx = read(folder, WEIGHTS_FILE);
  const sha256 = createHash('sha256').update(onnx).digest('hex');
  if (sha256 === description.weights.sha256) return { description, onnx };
  throw new ModelError('PORTICO_MODEL_INTEGRITY', {
    message: `${join(folder, WEIGHTS_FILE)} has SHA-256 ${sha256}, ${DESCRIPTION_FILE} says ${description.weights.sha256}`,
    remedy: 'Restore both files from one training.',
    context: { file },
  });
}

function read(folder: string, name: string): Buffer {
  const file = join(folder, name);
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new ModelError('PORTICO_MODEL_MISSING', {
      message: `there is no painter in ${folder}: ${name} cannot be read`,
      remedy: 'Name a folder that `portico art train` wrote.',
      cause,
      context: { file },
    });
  }
}

function parse(text: string, file: string): PainterDescription {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return refuse(file, 'is not JSON', cause);
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : refuse(file, z.prettifyError(parsed.error));
}

function refuse(file: string, what: string, cause?: unknown): never {
  throw new ModelError('PORTICO_MODEL_MANIFEST', {
    message: `${file}: ${what}`,
    remedy: 'Restore the file, or train the painter anew with `portico art train`.',
    cause,
    context: { file },
  });
}
