import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

const require = createRequire(import.meta.url);

/** Runs a network the way its makers do: an image (1, H, W, C) in, named outputs out. */
export type Reference = (
  image: Float32Array,
  shape: readonly [number, number, number, number],
) => Promise<ReadonlyMap<string, Float32Array>>;

export async function startTensorflow(): Promise<void> {
  const folder = dirname(require.resolve('@tensorflow/tfjs-backend-wasm'));
  setWasmPaths(`${folder}/`);
  await tf.setBackend('wasm');
  await tf.ready();
}

/** TensorFlow.js itself; `outputs` as in the manifest, joined along axis 1. */
export async function tensorflowReference(
  json: Uint8Array,
  weights: Uint8Array,
  outputs: Readonly<Record<string, readonly string[]>>,
): Promise<Reference> {
  const { modelTopology, weightsManifest } = JSON.parse(new TextDecoder().decode(json));
  const weightSpecs = weightsManifest.flatMap((group: { weights: unknown[] }) => group.weights);
  const weightData = Uint8Array.from(weights).buffer;
  const artifacts = { modelTopology, weightSpecs, weightData };
  const model = await tf.loadGraphModel(tf.io.fromMemory(artifacts));
  return async (image, shape) => {
    const x = tf.tensor4d(image, [...shape]);
    const named = Object.entries(outputs).map(([name, nodes]) => {
      const parts = [model.execute(x, [...nodes])].flat();
      const data = parts.flatMap((part) => [...part.dataSync()]);
      tf.dispose(parts);
      return [name, Float32Array.from(data)] as const;
    });
    x.dispose();
    return new Map(named);
  };
}

/** face-api's own recognition network; it normalises the image itself, from 0..255. */
export async function faceApiReference(json: Uint8Array, weights: Uint8Array): Promise<Reference> {
  const faceApi = require('@vladmandic/face-api/dist/face-api.node-wasm.js');
  const groups = JSON.parse(new TextDecoder().decode(json));
  const specs = groups.flatMap((group: { weights: unknown[] }) => group.weights);
  const net = new faceApi.FaceRecognitionNet();
  net.loadFromWeightMap(tf.io.decodeWeights(Uint8Array.from(weights).buffer, specs));
  return async (image, shape) => {
    const x = tf.tensor4d(image, [...shape]);
    const [descriptor] = [await net.computeFaceDescriptor(x)].flat();
    x.dispose();
    return new Map([['embedding', Float32Array.from(descriptor)]]);
  };
}
