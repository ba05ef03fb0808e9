import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ImageInput, tensorImage } from '../../../src/inference/image-input.ts';
import { flipHorizontally } from '../../../src/numeric/flip-image.ts';
import { sampleImage } from '../../../src/numeric/sample-image.ts';
import { IDENTITY_TRANSFORM } from '../../../src/numeric/similarity-transform.ts';
import { paintedImage } from '../../helpers/pictures.ts';

const two: ImageInput = {
  widthPx: 2,
  heightPx: 1,
  channelOrder: 'rgb',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};
const picture = paintedImage(2, 1, (x) => [10 + x, 20 + x, 30 + x]);

function fed(input: ImageInput): number[] {
  const data = new Float32Array(6);
  sampleImage(picture, IDENTITY_TRANSFORM, tensorImage(data, input));
  return [...data];
}

describe('tensorImage', () => {
  it('lays the channels out as planes', () => {
    assert.deepEqual(fed(two), [10, 11, 20, 21, 30, 31]);
  });

  it('swaps red and blue for a model that wants BGR', () => {
    assert.deepEqual(fed({ ...two, channelOrder: 'bgr' }), [30, 31, 20, 21, 10, 11]);
  });

  it("subtracts the mean and divides by the deviation in the model's channel order", () => {
    const input: ImageInput = { ...two, channelOrder: 'bgr', mean: [30, 20, 10], std: [1, 2, 4] };
    assert.deepEqual(fed(input), [0, 1, 0, 0.5, 0, 0.25]);
  });
});

describe('flipHorizontally', () => {
  it('mirrors every plane, and twice is nothing', () => {
    const data = new Float32Array(6);
    const image = tensorImage(data, two);
    sampleImage(picture, IDENTITY_TRANSFORM, image);
    flipHorizontally(image);
    assert.deepEqual([...data], [11, 10, 21, 20, 31, 30]);
    flipHorizontally(image);
    assert.deepEqual([...data], [10, 11, 20, 21, 30, 31]);
  });
});
