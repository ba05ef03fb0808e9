import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { convertSource, type SourceFiles } from '../../../models/prepare/convert-source.ts';
import { Downloads } from '../../../models/prepare/downloads.ts';
import { fetchSource } from '../../../models/prepare/fetch-source.ts';
import { systemNpm } from '../../../models/prepare/npm-client.ts';
import { PorticoError } from '../../../src/domain/errors.ts';
import { readManifest } from '../../../src/inference/catalogue.ts';
import type { NetworkManifest } from '../../../src/inference/manifest.ts';
import { sha256 } from './model-source.ts';
import {
  faceApiReference,
  type Reference,
  startTensorflow,
  tensorflowReference,
} from './reference-runtimes.ts';

/** Largest difference that is allowed, in parts of the range that the output covers. */
const TOLERANCE = 1e-3;
const modelsDir = fileURLToPath(new URL('../../../../models/', import.meta.url));
const cacheHome = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
// Apart from the prepared models, which do not keep the packages they came from.
const downloads = new Downloads(join(cacheHome, 'portico', 'test-sources'));

async function sourceOf(id: string): Promise<SourceFiles> {
  const manifest = readManifest(modelsDir, id);
  const manifestDir = join(modelsDir, id);
  return fetchSource(manifest, { manifestDir, downloads, npm: systemNpm, report: () => undefined });
}

function networkManifest(id: string): NetworkManifest {
  const manifest = readManifest(modelsDir, id);
  return manifest.kind === 'network' ? manifest : assert.fail(`${id} is no network`);
}

/** Squares cut out of the demo pictures, as RGB bytes: two of each, where people are. */
async function squares(size: number): Promise<readonly Uint8Array[]> {
  const pictures = [...(await sourceOf('demo-photos')).values()];
  const cut = async (picture: Uint8Array, part: number, left: number) => {
    const { width = 0, height = 0 } = await sharp(picture).metadata();
    const side = Math.floor(Math.min(width, height) * part);
    const region = { left: Math.floor((width - side) * left), top: 0, width: side, height: side };
    return sharp(picture).extract(region).resize(size, size).removeAlpha().raw().toBuffer();
  };
  return Promise.all(
    pictures.flatMap((picture) => [cut(picture, 1, 0.5), cut(picture, 0.45, 0.6)]),
  );
}

/** Feeds as the manifest says: normalised, channels first; and channels last for the reference. */
function feeds(pixels: Uint8Array, { shape, mean, std }: NetworkManifest['input']) {
  const [, channels, height, width] = shape;
  const area = height * width;
  const first = new Float32Array(channels * area);
  const last = new Float32Array(channels * area);
  for (let at = 0; at < area; at++) {
    for (let channel = 0; channel < channels; channel++) {
      const value =
        ((pixels[at * channels + channel] ?? 0) - (mean[channel] ?? 0)) / (std[channel] ?? 1);
      first[channel * area + at] = value;
      last[at * channels + channel] = value;
    }
  }
  return { first, last };
}

interface Comparison {
  worst: number;
  low: number;
  high: number;
}

/** Largest difference and range of every output over all pictures. */
async function compare(manifest: NetworkManifest, onnx: Uint8Array, reference: Reference) {
  const { input, conversion } = manifest;
  const [batch, channels, height, width] = input.shape;
  const session = await InferenceSession.create(onnx);
  const results = new Map<string, Comparison>();
  for (const pixels of await squares(height)) {
    const { first, last } = feeds(pixels, input);
    const raw = conversion.converter === 'face-api-recognition' ? Float32Array.from(pixels) : last;
    const expected = await reference(raw, [batch, height, width, channels]);
    const actual = await session.run({ [input.name]: new Tensor('float32', first, input.shape) });
    for (const [name, values] of expected) {
      const found = actual[name]?.data;
      assert.equal(found?.length, values.length, `${name}: number of values`);
      const result = results.get(name) ?? { worst: 0, low: Infinity, high: -Infinity };
      values.forEach((value, index) => {
        result.worst = Math.max(result.worst, Math.abs(value - Number(found?.[index])));
        result.low = Math.min(result.low, value);
        result.high = Math.max(result.high, value);
      });
      results.set(name, result);
    }
  }
  await session.release();
  return results;
}

const CONVERTED = [
  'blazeface-back',
  'facemesh',
  'iris',
  'pad-antispoof',
  'pad-liveness32',
  'faceres-1024',
  'resnet-128',
];

/** ONNX files that are rewritten to run faster. */
const REWRITTEN = ['mobilefacenet-512'];

describe('a converted network against its original runtime', () => {
  let unreachable: string | undefined;
  before(async () => {
    await startTensorflow();
    for (const id of [...CONVERTED, 'demo-photos']) {
      await sourceOf(id).catch((error: unknown) => {
        const isOffline = error instanceof PorticoError && error.code === 'PORTICO_MODEL_DOWNLOAD';
        if (!isOffline) throw error;
        unreachable = error.message;
      });
    }
  });

  for (const id of CONVERTED) {
    it(`${id} agrees on real pictures within ${TOLERANCE} of the output's range`, async (t) => {
      if (unreachable !== undefined) return t.skip(`no network: ${unreachable}`);
      const manifest = networkManifest(id);
      const source = await sourceOf(id);
      const onnx = convertSource(manifest, source);
      assert.deepEqual(convertSource(manifest, source), onnx, 'two conversions differ');
      assert.equal(sha256(onnx), manifest.prepared.sha256);
      assert.equal(onnx.byteLength, manifest.prepared.bytes);
      const bytes = (ending: string) =>
        [...source].find(([name]) => name.endsWith(ending))?.[1] ?? assert.fail(ending);
      const reference =
        manifest.conversion.converter === 'face-api-recognition'
          ? await faceApiReference(bytes('.json'), bytes('.bin'))
          : await tensorflowReference(
              bytes('.json'),
              bytes('.bin'),
              manifest.conversion.outputs ?? {},
            );
      const results = await compare(manifest, onnx, reference);
      assert.deepEqual([...results.keys()].sort(), manifest.outputs.map(({ name }) => name).sort());
      for (const [name, { worst, low, high }] of results) {
        const relative = worst / (high - low);
        t.diagnostic(`${name}: ${relative.toExponential(1)} of the range [${low}, ${high}]`);
        assert.ok(high > low, `${name} is the same for all pictures`);
        assert.ok(relative <= TOLERANCE, `${name} differs by ${worst}`);
      }
    });
  }

  for (const id of REWRITTEN) {
    it(`${id} agrees with the file it was rewritten from`, async (t) => {
      if (unreachable !== undefined) return t.skip(`no network: ${unreachable}`);
      const manifest = networkManifest(id);
      const source = await sourceOf(id);
      const onnx = convertSource(manifest, source);
      assert.deepEqual(convertSource(manifest, source), onnx, 'two conversions differ');
      const [original = new Uint8Array()] = source.values();
      const { input, outputs } = manifest;
      const sessions = [
        await InferenceSession.create(original),
        await InferenceSession.create(onnx),
      ];
      const [output = assert.fail('no output')] = outputs;
      for (const pixels of await squares(input.shape[2])) {
        const x = new Tensor('float32', feeds(pixels, input).first, input.shape);
        const runs = sessions.map((session) => session.run({ [input.name]: x }));
        const [before = [], after = []] = (await Promise.all(runs)).map((run) => {
          const data = run[output.name]?.data;
          return data instanceof Float32Array ? [...data] : assert.fail('no floats');
        });
        const range = Math.max(...before.map(Math.abs));
        before.forEach((value, index) => {
          const difference = Math.abs(value - (after[index] ?? Number.NaN));
          assert.ok(difference <= TOLERANCE * range, `${difference} of ${range}`);
        });
      }
    });
  }
});
