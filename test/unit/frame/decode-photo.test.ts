import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import sharp from 'sharp';
import { decodePhoto } from '../../../src/frame/decode-photo.ts';

const twoByOne = sharp(Buffer.from([250, 0, 0, 0, 0, 250]), {
  raw: { width: 2, height: 1, channels: 3 },
});

describe('decodePhoto', () => {
  it('gives packed RGB', async () => {
    const photo = await decodePhoto(await twoByOne.clone().png().toBuffer());
    assert.deepEqual([photo.widthPx, photo.heightPx], [2, 1]);
    assert.deepEqual([...photo.rgb], [250, 0, 0, 0, 0, 250]);
  });

  it('turns the picture upright as its EXIF orientation says', async () => {
    // Orientation 6: the camera was held so that the picture must be turned clockwise.
    const bytes = await twoByOne.clone().withMetadata({ orientation: 6 }).png().toBuffer();
    const photo = await decodePhoto(bytes);
    assert.deepEqual([photo.widthPx, photo.heightPx], [1, 2]);
    assert.deepEqual([...photo.rgb], [250, 0, 0, 0, 0, 250]);
  });

  it('gives three channels of a grey picture and puts a transparent one on white', async () => {
    const grey = sharp(Buffer.from([7, 200]), { raw: { width: 2, height: 1, channels: 1 } });
    const photo = await decodePhoto(await grey.toColourspace('b-w').png().toBuffer());
    assert.deepEqual([...photo.rgb], [7, 7, 7, 200, 200, 200]);
    const clear = sharp(Buffer.from([9, 9, 9, 0]), { raw: { width: 1, height: 1, channels: 4 } });
    const onWhite = await decodePhoto(await clear.png().toBuffer());
    assert.deepEqual([...onWhite.rgb], [255, 255, 255]);
  });

  it('shrinks what is larger than any model needs', async () => {
    const large = sharp({
      create: { width: 4096, height: 1024, channels: 3, background: { r: 1, g: 2, b: 3 } },
    });
    const photo = await decodePhoto(await large.png().toBuffer());
    assert.deepEqual([photo.widthPx, photo.heightPx], [2048, 512]);
  });

  it('refuses a truncated file, a foreign one and a missing one, naming it', async () => {
    const noise = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_value, at) => (at * 37) % 251));
    const picture = sharp(noise, { raw: { width: 64, height: 64, channels: 3 } });
    const whole = await picture.jpeg().toBuffer();
    const refused = { code: 'PORTICO_IMAGE_UNREADABLE' };
    await assert.rejects(decodePhoto(whole.subarray(0, whole.length / 2)), refused);
    await assert.rejects(decodePhoto(Buffer.from('no picture')), refused);
    await assert.rejects(decodePhoto('/nowhere/face.jpg'), {
      ...refused,
      message: /\/nowhere\/face\.jpg/,
    });
  });
});
