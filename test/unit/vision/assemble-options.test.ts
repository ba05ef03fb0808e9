import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Catalogue } from '../../../src/inference/catalogue.ts';
import type { NetworkManifest } from '../../../src/inference/manifest.ts';
import { CPU_ONLY } from '../../../src/inference/providers.ts';
import { assembleOptions } from '../../../src/vision/assemble-options.ts';

const points = [
  [3, 3],
  [7, 3],
  [5, 5],
  [3, 7],
  [7, 7],
];

/** Manifests reduced to what the vision reads of them. */
function catalogueOf(changes: Record<string, object> = {}): Catalogue {
  const manifests: Record<string, object> = {
    'blazeface-back': { task: 'face-detection' },
    facemesh: { task: 'face-mesh' },
    'encoder-a': { task: 'embedding', crop: { points } },
    'encoder-b': { task: 'embedding', crop: { points } },
  };
  return {
    resolve: (id: string) => ({
      onnxPath: `/cache/${id}.onnx`,
      manifest: {
        id,
        prepared: { sha256: 'a'.repeat(64) },
        input: {
          name: 'input',
          shape: [1, 3, 20, 10],
          colourOrder: 'bgr',
          mean: [1, 2, 3],
          std: [4, 5, 6],
        },
        outputs: [{ name: 'output', shape: [1, 8] }],
        crop: {},
        ...manifests[id],
        ...changes[id],
      } as unknown as NetworkManifest,
    }),
  } as unknown as Catalogue;
}

const choices = { encoders: ['encoder-a', 'encoder-b'], providers: CPU_ONLY } as const;
const manifestFault = { code: 'PORTICO_MODEL_MANIFEST' };

describe('assembleOptions', () => {
  it('reads of each manifest where the model is and how it is fed', () => {
    const { detector, encoders } = assembleOptions(catalogueOf(), choices);
    assert.equal(detector.session.path, '/cache/blazeface-back.onnx');
    const [first] = encoders;
    assert.deepEqual(first?.image, {
      widthPx: 10,
      heightPx: 20,
      channelOrder: 'bgr',
      mean: [1, 2, 3],
      std: [4, 5, 6],
    });
    assert.deepEqual(first.template[4], { xPx: 7, yPx: 7 });
  });

  it('keeps the encoders in the order of the choice', () => {
    const { encoders } = assembleOptions(catalogueOf(), choices);
    assert.deepEqual(
      encoders.map(({ session }) => session.id),
      ['encoder-a', 'encoder-b'],
    );
  });

  it('looks with the detector at every frame unless told otherwise', () => {
    assert.equal(assembleOptions(catalogueOf(), choices).detectEvery, 1);
    assert.equal(assembleOptions(catalogueOf(), { ...choices, detectEvery: 3 }).detectEvery, 3);
  });

  it('gives plain data that reaches a worker as it is', () => {
    const options = assembleOptions(catalogueOf(), choices);
    assert.deepEqual(structuredClone(options), options);
  });

  it('refuses a model of another task in the place of an encoder', () => {
    const wrong = { ...choices, encoders: ['facemesh'] } as const;
    const catalogue = catalogueOf({ facemesh: { crop: { points } } });
    assert.throws(() => assembleOptions(catalogue, wrong), manifestFault);
  });

  it('refuses an encoder without five points, and one that wants a grey picture', () => {
    const without = catalogueOf({ 'encoder-a': { crop: {} } });
    assert.throws(() => assembleOptions(without, choices), manifestFault);
    const grey = catalogueOf({
      'encoder-a': { input: { shape: [1, 1, 9, 9], colourOrder: 'grey', mean: [0], std: [1] } },
    });
    assert.throws(() => assembleOptions(grey, choices), manifestFault);
  });
});
