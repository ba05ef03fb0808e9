import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { RgbImage } from '../../src/numeric/sample-image.ts';
import { startTensorflow } from '../integration/models/reference-runtimes.ts';
import type { Peer } from './peer.ts';

const require = createRequire(import.meta.url);

/** face-api on tfjs-wasm: SSD detector, 68 landmarks, 128-d description. It knows no mesh and no liveness. */
export async function openFaceApi(): Promise<Peer> {
  await startTensorflow();
  const faceApi = require('@vladmandic/face-api/dist/face-api.node-wasm.js');
  const models = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'model');
  const { ssdMobilenetv1, faceLandmark68Net, faceRecognitionNet } = faceApi.nets;
  for (const net of [ssdMobilenetv1, faceLandmark68Net, faceRecognitionNet]) {
    await net.loadFromDisk(models);
  }
  const describe = async ({ rgb, widthPx, heightPx }: RgbImage) => {
    const tensor = tf.tensor3d(rgb, [heightPx, widthPx, 3], 'int32');
    const face = await faceApi.detectSingleFace(tensor).withFaceLandmarks().withFaceDescriptor();
    tensor.dispose();
    return face;
  };
  return {
    name: `face-api ${faceApi.version} on tfjs-wasm`,
    tasks: 'detect, 68 landmarks, embedding (128-d)',
    observe: async (frame) => ((await describe(frame)) === undefined ? 0 : 1),
    encode: async (photo) => (await describe(photo))?.descriptor,
    compare: (left, right) => -Number(faceApi.euclideanDistance(left, right)),
    close: () => Promise.resolve(),
  };
}
