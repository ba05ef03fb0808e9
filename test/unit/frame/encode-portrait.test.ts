import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import sharp from 'sharp';
import { encodePortrait } from '../../../src/frame/encode-portrait.ts';
import { seededRandom } from '../../../src/numeric/random.ts';
import { DRAWN_SIZE, drawnVisitor } from '../../helpers/drawn-visitor.ts';

const BYTES_MAX = 30_000;

describe('encoding a portrait', () => {
  it('makes a small JPEG of it with nothing beside its pixels', async () => {
    const portrait = { rgb: await drawnVisitor(), ...DRAWN_SIZE };
    const jpeg = await encodePortrait(portrait, BYTES_MAX);
    assert.ok(jpeg !== undefined && jpeg.length <= BYTES_MAX);
    const { format, width, height, exif, icc, xmp, iptc } = await sharp(jpeg).metadata();
    assert.deepEqual({ format, width, height }, { format: 'jpeg', width: 320, height: 240 });
    assert.deepEqual([exif, icc, xmp, iptc], [undefined, undefined, undefined, undefined]);
  });

  it('leaves a small face as small as it is', async () => {
    const rgb = new Uint8Array(60 * 80 * 3).fill(90);
    const jpeg = await encodePortrait({ rgb, widthPx: 60, heightPx: 80 }, BYTES_MAX);
    const { width, height } = await sharp(jpeg).metadata();
    assert.deepEqual([width, height], [60, 80]);
  });

  it('gives up quality rather than the limit, and the picture rather than both', async () => {
    const random = seededRandom(1);
    const rgb = Uint8Array.from({ length: 320 * 320 * 3 }, () => random() * 256);
    const noise = { rgb, widthPx: 320, heightPx: 320 };
    const jpeg = await encodePortrait(noise, 60_000);
    assert.ok(jpeg !== undefined && jpeg.length <= 60_000);
    assert.equal(await encodePortrait(noise, 5_000), undefined);
  });
});
