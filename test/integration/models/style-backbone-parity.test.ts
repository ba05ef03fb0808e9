import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { convertSource, type SourceFiles } from '../../../models/prepare/convert-source.ts';
import { Downloads } from '../../../models/prepare/downloads.ts';
import { fetchSource } from '../../../models/prepare/fetch-source.ts';
import { systemNpm } from '../../../models/prepare/npm-client.ts';
import { moduleLiteral } from '../../../models/prepare/nsfwjs/module-literal.ts';
import { PorticoError } from '../../../src/domain/errors.ts';
import { readManifest } from '../../../src/inference/catalogue.ts';
import type { NetworkManifest } from '../../../src/inference/manifest.ts';
import { sha256 } from './model-source.ts';
import { startTensorflow } from './reference-runtimes.ts';

/** Largest difference that is allowed, in parts of the range that a layer covers. */
const TOLERANCE = 1e-4;
const ID = 'style-backbone';
const modelsDir = fileURLToPath(new URL('../../../../models/', import.meta.url));
const cacheHome = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
const downloads = new Downloads(join(cacheHome, 'portico', 'test-sources'));

const sourceOf = (id: string): Promise<SourceFiles> =>
  fetchSource(readManifest(modelsDir, id), {
    manifestDir: join(modelsDir, id),
    downloads,
    npm: systemNpm,
    report: () => undefined,
  });

interface Artifacts {
  readonly modelTopology: object;
  readonly weightsManifest: {
    readonly paths: string[];
    readonly weights: tf.io.WeightsManifestEntry[];
  }[];
}

/** The whole network as TensorFlow.js reads it, with the layers of the manifest as outputs. */
async function original(source: SourceFiles, layers: readonly string[]): Promise<tf.LayersModel> {
  const exported = (stem: string) => {
    const [path, bytes] = [...source].find(([name]) => name.endsWith(`/${stem}.min.js`)) ?? [
      '',
      new Uint8Array(),
    ];
    return moduleLiteral(new TextDecoder().decode(bytes), path);
  };
  const { modelTopology, weightsManifest } = exported('model') as Artifacts;
  const parts = weightsManifest
    .flatMap(({ paths }) => paths)
    .map((path) => Buffer.from(exported(path) as string, 'base64'));
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology,
      weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
      weightData: Uint8Array.from(Buffer.concat(parts)).buffer,
    }),
  );
  const outputs = layers.map((layer) => model.getLayer(layer).output as tf.SymbolicTensor);
  return tf.model({ inputs: model.inputs, outputs });
}

async function pictureOf(photos: SourceFiles, size: number): Promise<Float32Array> {
  const [photo = new Uint8Array()] = photos.values();
  const pixels = await sharp(photo).resize(size, size).removeAlpha().raw().toBuffer();
  return Float32Array.from(pixels, (value) => value / 255);
}

function channelsFirst(image: Float32Array, size: number): Float32Array {
  const area = size * size;
  return Float32Array.from(
    image,
    (_, index) => image[(index % area) * 3 + Math.floor(index / area)] ?? 0,
  );
}

describe('the style backbone against TensorFlow.js', () => {
  let unreachable: string | undefined;
  before(async () => {
    await startTensorflow();
    for (const id of [ID, 'demo-photos']) {
      await sourceOf(id).catch((error: unknown) => {
        const isOffline = error instanceof PorticoError && error.code === 'PORTICO_MODEL_DOWNLOAD';
        if (!isOffline) throw error;
        unreachable = error.message;
      });
    }
  });

  it(`gives the same features of a real picture within ${TOLERANCE} of their range`, async (t) => {
    if (unreachable !== undefined) return t.skip(`no network: ${unreachable}`);
    const manifest = readManifest(modelsDir, ID) as NetworkManifest;
    const source = await sourceOf(ID);
    const onnx = convertSource(manifest, source);
    assert.equal(sha256(onnx), manifest.prepared.sha256);
    const layers = manifest.outputs.map(({ name }) => name);
    const size = manifest.input.shape[2];
    const image = await pictureOf(await sourceOf('demo-photos'), size);
    const model = await original(source, layers);
    const expected = [model.predict(tf.tensor4d(image, [1, size, size, 3]))].flat();
    const session = await InferenceSession.create(onnx);
    const x = new Tensor('float32', channelsFirst(image, size), manifest.input.shape);
    const found = await session.run({ [manifest.input.name]: x });
    for (const [index, layer] of layers.entries()) {
      // Pixel by pixel there, channel by channel here.
      const values = tf.transpose(expected[index] as tf.Tensor4D, [0, 3, 1, 2]).dataSync();
      const features = found[layer]?.data as Float32Array;
      assert.equal(features.length, values.length, layer);
      let [difference, largest] = [0, 0];
      for (const [position, value] of values.entries()) {
        difference = Math.max(difference, Math.abs(value - (features[position] ?? Number.NaN)));
        largest = Math.max(largest, Math.abs(value));
      }
      t.diagnostic(`${layer}: ${(difference / largest).toExponential(1)} of ${largest.toFixed(1)}`);
      assert.ok(largest > 0.1 && difference <= TOLERANCE * largest, `${layer}: ${difference}`);
    }
    await session.release();
  });
});
