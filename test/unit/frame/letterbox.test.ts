import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Letterbox } from '../../../src/frame/letterbox.ts';
import { transformPoint } from '../../../src/numeric/similarity-transform.ts';
import { paintedImage, pixelAt, rawTarget } from '../../helpers/pictures.ts';

describe('Letterbox', () => {
  it('keeps the proportions and leaves black margins above and below a wide frame', () => {
    const target = rawTarget(16, 16);
    const frame = paintedImage(64, 32, () => [200, 100, 50]);
    new Letterbox(frame, target).write(frame);
    assert.deepEqual(pixelAt(target, 8, 3), [0, 0, 0]);
    assert.deepEqual(pixelAt(target, 0, 4).map(Math.round), [200, 100, 50]);
    assert.deepEqual(pixelAt(target, 15, 11).map(Math.round), [200, 100, 50]);
    assert.deepEqual(pixelAt(target, 8, 12), [0, 0, 0]);
  });

  it('leaves margins beside a tall frame', () => {
    const target = rawTarget(16, 16);
    const frame = paintedImage(32, 64, () => [9, 9, 9]);
    new Letterbox(frame, target).write(frame);
    assert.deepEqual(pixelAt(target, 3, 8), [0, 0, 0]);
    assert.deepEqual(pixelAt(target, 4, 8).map(Math.round), [9, 9, 9]);
  });

  it('leaves its margins alone while frames follow each other', () => {
    const target = rawTarget(16, 16);
    const first = paintedImage(64, 32, () => [200, 200, 200]);
    const letterbox = new Letterbox(first, target);
    letterbox.write(first);
    letterbox.write(paintedImage(64, 32, () => [10, 10, 10]));
    assert.deepEqual(pixelAt(target, 8, 0), [0, 0, 0]);
    assert.deepEqual(pixelAt(target, 8, 8).map(Math.round), [10, 10, 10]);
  });

  it('maps the input back to where the frame has it', () => {
    const { toFrame } = new Letterbox({ widthPx: 640, heightPx: 480 }, rawTarget(256, 256));
    assert.deepEqual(transformPoint(toFrame, { xPx: 0, yPx: 32 }), { xPx: 0, yPx: 0 });
    const { xPx, yPx } = transformPoint(toFrame, { xPx: 256, yPx: 224 });
    assert.ok(Math.abs(xPx - 640) < 1e-9 && Math.abs(yPx - 480) < 1e-9);
  });

  it('enlarges a small picture', () => {
    const target = rawTarget(16, 16);
    const picture = paintedImage(4, 4, (x) => [x * 60, 0, 0]);
    new Letterbox(picture, target).write(picture);
    assert.ok(pixelAt(target, 8, 8)[0] > pixelAt(target, 4, 8)[0]);
    assert.ok(pixelAt(target, 11, 8)[0] > pixelAt(target, 8, 8)[0]);
  });

  it('gives the picture a margin all round when asked to fill less', () => {
    const target = rawTarget(16, 16);
    const frame = paintedImage(64, 64, () => [200, 200, 200]);
    const letterbox = new Letterbox(frame, target, 0.5);
    letterbox.write(frame);
    assert.deepEqual(pixelAt(target, 3, 8), [0, 0, 0]);
    assert.deepEqual(pixelAt(target, 4, 8).map(Math.round), [200, 200, 200]);
    assert.deepEqual(transformPoint(letterbox.toFrame, { xPx: 4, yPx: 4 }), { xPx: 0, yPx: 0 });
    assert.ok(letterbox.fits(frame, 0.5));
    assert.ok(!letterbox.fits(frame, 1));
    assert.ok(!letterbox.fits({ widthPx: 64, heightPx: 63 }, 0.5));
  });
});
