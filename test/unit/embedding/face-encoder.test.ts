import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FiveLandmarks } from '../../../src/domain/face.ts';
import { FaceEncoder } from '../../../src/embedding/face-encoder.ts';
import type { ModelSession } from '../../../src/inference/session.ts';
import { paintedImage, pixelAt, rawTarget } from '../../helpers/pictures.ts';

const template: FiveLandmarks = [
  { xPx: 3, yPx: 3 },
  { xPx: 7, yPx: 3 },
  { xPx: 5, yPx: 5 },
  { xPx: 3.5, yPx: 7 },
  { xPx: 6.5, yPx: 7 },
];

/** A model whose embedding is the first row of its input's red plane. */
function rig(averagesFlip: boolean) {
  const image = rawTarget(10, 10);
  let output = new Float32Array();
  const session = {
    modelId: 'first-row',
    run: async () => {
      output = image.data.slice(0, 10);
    },
    output: () => output,
  } as unknown as ModelSession;
  return { image, encoder: new FaceEncoder({ session, image, template, averagesFlip }) };
}

describe('FaceEncoder', () => {
  it('brings the landmarks onto the template', () => {
    const { image, encoder } = rig(false);
    // The face stands in the frame at twice the template's size, shifted by (10, 20).
    const [leftEye, ...others] = template.map(({ xPx, yPx }) => ({
      xPx: xPx * 2 + 10,
      yPx: yPx * 2 + 20,
    }));
    const landmarks = [leftEye, ...others] as unknown as FiveLandmarks;
    const frame = paintedImage(60, 60, (x, y) => [x * 4, y * 4, 0]);
    encoder.align(frame, landmarks);
    // The centre of the input's pixel (4, 5), (4.5, 5.5), is the frame's (19, 31): index 18.5, 30.5.
    const [red, green] = pixelAt(image, 4, 5);
    assert.ok(Math.abs(red - 18.5 * 4) < 0.1, `${red}`);
    assert.ok(Math.abs(green - 30.5 * 4) < 0.1, `${green}`);
  });

  it('gives a unit vector of its own', async () => {
    const { image, encoder } = rig(false);
    image.data.fill(3);
    const first = await encoder.encode();
    assert.ok(Math.abs(first.reduce((sum, value) => sum + value * value, 0) - 1) < 1e-6);
    image.data[0] = 50;
    const second = await encoder.encode();
    assert.notEqual(first, second);
    assert.notEqual(first[0], second[0]);
  });

  it('adds the mirrored face when asked to', async () => {
    const { image, encoder } = rig(true);
    image.data.fill(0);
    image.data[0] = 8;
    const embedding = await encoder.encode();
    assert.ok(Math.abs(embedding[0]! - Math.SQRT1_2) < 1e-6);
    assert.ok(Math.abs(embedding[9]! - Math.SQRT1_2) < 1e-6);
  });

  it('refuses an embedding without direction', async () => {
    const { image, encoder } = rig(false);
    image.data.fill(0);
    await assert.rejects(encoder.encode(), { code: 'PORTICO_NUMERIC_SHAPE' });
  });
});
