import { z } from 'zod';
import { ModelError } from '../domain/errors.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits');
const size = z.int().positive();

const npmSource = z
  .strictObject({
    type: z.literal('npm'),
    package: z.string().regex(/^(@[a-z0-9-~][a-z0-9-._~]*\/)?[a-z0-9-~][a-z0-9-._~]*$/),
    version: z.string().regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, 'must be one exact version'),
    integrity: z
      .string()
      .regex(/^sha512-[A-Za-z0-9+/]{86}==$/)
      .describe('Digest of the whole tarball, as npm prints it'),
    files: z
      .array(
        z.strictObject({
          path: z.string().min(1).describe('Path inside the package, without "package/"'),
          sha256,
        }),
      )
      .min(1),
  })
  .describe('A file of a published npm package; its dependencies are not fetched');

const isSafeUrl = (url: string): boolean =>
  /^https:\/\//.test(url) || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/.test(url);

const httpsSource = z.strictObject({
  type: z.literal('https'),
  files: z
    .array(
      z.strictObject({
        url: z.url().refine(isSafeUrl, 'must be https (plain http only from this machine)'),
        sha256,
      }),
    )
    .min(1),
});

const fileSource = z.strictObject({
  type: z.literal('file'),
  files: z
    .array(
      z.strictObject({
        path: z.string().min(1).describe('Absolute, or relative to the folder of the manifest'),
        sha256,
      }),
    )
    .min(1),
});

const common = {
  schemaVersion: z.literal(1),
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be kebab-case'),
  description: z.string().min(1),
  licence: z.strictObject({
    package: z.string().min(1).describe('SPDX identifier that the package states'),
    weights: z.string().min(1).describe('What is known of the licence of the weights themselves'),
    origin: z.string().min(1).describe('Who made the model'),
  }),
  source: z.discriminatedUnion('type', [npmSource, httpsSource, fileSource]),
};

const channels = { grey: 1, rgb: 3, bgr: 3 } as const;

const input = z
  .strictObject({
    name: z.string().min(1),
    shape: z.tuple([size, size, size, size]).describe('(batch, channels, height, width)'),
    layout: z.literal('NCHW'),
    colourOrder: z.enum(['rgb', 'bgr', 'grey']),
    mean: z.array(z.number()).describe('Per channel, on the scale 0..255, in colourOrder'),
    std: z
      .array(z.number().positive())
      .describe('The network is fed (pixel - mean) / std, per channel'),
  })
  .refine(
    ({ shape, colourOrder, mean, std }) =>
      [shape[1], mean.length, std.length].every((count) => count === channels[colourOrder]),
    'channels, mean and std must fit colourOrder',
  );

const crop = z.strictObject({
  from: z
    .enum(['frame', 'face-box', 'eye-corners', 'five-points'])
    .describe('What the square is cut round'),
  boxScale: z
    .number()
    .positive()
    .describe('Side of the square over the longer side of the box (1 where there is no box)'),
  mirror: z
    .literal('left-eye')
    .optional()
    .describe("The subject's left eye is mirrored before the run and its points after it"),
  align: z
    .enum(['none', 'eyes-level', 'five-points'])
    .describe('none: upright; eyes-level: rotated; five-points: least-squares similarity'),
  points: z
    .array(z.tuple([z.number(), z.number()]))
    .length(5)
    .optional()
    .describe('Targets in pixels of the input: eyes, nose, mouth corners, left to right as seen'),
});

const networkManifest = z
  .strictObject({
    ...common,
    kind: z.literal('network'),
    task: z.enum([
      'face-detection',
      'face-mesh',
      'iris',
      'embedding',
      'passive-pad',
      'eye-state',
      'head-pose',
      'style-features',
    ]),
    conversion: z.strictObject({
      converter: z.enum([
        'none',
        'onnx',
        'tfjs-graph',
        'tfjs-layers-module',
        'face-api-recognition',
      ]),
      opset: z.int().min(1),
      outputs: z
        .record(z.string(), z.array(z.string()).min(1))
        .optional()
        .describe('Output name → nodes of the source graph, joined along axis 1'),
    }),
    prepared: z.strictObject({ sha256, bytes: size }),
    input,
    outputs: z
      .array(
        z.strictObject({
          name: z.string().min(1),
          shape: z.array(size),
          meaning: z.string().min(1),
        }),
      )
      .min(1),
    crop,
    encoder: z.strictObject({ dimension: size }).optional(),
  })
  .refine(
    ({ task, encoder }) => (task === 'embedding') === (encoder !== undefined),
    'encoder must be given for the task embedding and for no other',
  );

const picturesManifest = z.strictObject({ ...common, kind: z.literal('pictures') });

const manifestSchema = z.union([networkManifest, picturesManifest]);

/** A network: where its weights come from, and how it is fed. */
export type NetworkManifest = z.infer<typeof networkManifest>;
/** Photographs that arrive the way models do. */
export type PicturesManifest = z.infer<typeof picturesManifest>;
/** What `models/<id>/manifest.json` says. */
export type ModelManifest = z.infer<typeof manifestSchema>;
export type ModelSource = ModelManifest['source'];

/**
 * @param text the JSON of the file
 * @param file its path, for the message
 * @throws PORTICO_MODEL_MANIFEST naming the file and every field that is wrong
 */
export function parseManifest(text: string, file: string): ModelManifest {
  const raw = parseJson(text, file);
  const kind = z.object({ kind: z.enum(['network', 'pictures']) }).safeParse(raw);
  if (!kind.success) return refuse(file, z.prettifyError(kind.error));
  // Parsed by kind, so that the message speaks of one shape and not of every possible one.
  const parsed =
    kind.data.kind === 'network' ? networkManifest.safeParse(raw) : picturesManifest.safeParse(raw);
  return parsed.success ? parsed.data : refuse(file, z.prettifyError(parsed.error));
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    return refuse(file, 'is not JSON', cause);
  }
}

function refuse(file: string, what: string, cause?: unknown): never {
  throw new ModelError('PORTICO_MODEL_MANIFEST', {
    message: `${file}: ${what}`,
    remedy: 'Correct the manifest; models/README.md describes every field.',
    cause,
    context: { file },
  });
}
