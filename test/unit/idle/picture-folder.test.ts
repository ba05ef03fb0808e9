import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { fitFrame, PictureFolder } from '../../../src/idle/studio/picture-folder.ts';

describe('a folder of pictures', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-gallery-'));
  const gallery = new PictureFolder(folder);
  before(async () => {
    const red = { create: { width: 60, height: 30, channels: 3, background: '#ff0000' } } as const;
    // Turned by its EXIF orientation: upright it is 30 wide and 60 high.
    await sharp(red).withMetadata({ orientation: 6 }).jpeg().toFile(join(folder, 'a_red-door.jpg'));
    writeFileSync(join(folder, 'b-broken.png'), 'no picture');
    await sharp(red).greyscale().png().toFile(join(folder, 'c.PNG'));
    writeFileSync(join(folder, 'notes.txt'), 'not for the wall');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('gives them in turn, upright, at the size that is painted, with a name', async () => {
    const first = await gallery.picture(0, 40);
    assert.deepEqual([first.name, first.widthPx, first.heightPx], ['A red door', 20, 40]);
    assert.equal(first.rgb.length, 20 * 40 * 3);
    assert.ok(first.rgb[0]! > 240 && first.rgb[1]! < 20);
    assert.equal((await gallery.picture(3, 40)).name, 'A red door');
  });

  it('passes over what is no picture, and makes colours of greys', async () => {
    const second = await gallery.picture(1, 40);
    assert.equal(second.name, 'C');
    assert.equal(second.rgb.length, second.widthPx * second.heightPx * 3);
    assert.equal(second.rgb[0], second.rgb[2]);
  });

  it('says so when there is none', async () => {
    await assert.rejects(new PictureFolder(join(folder, 'nowhere')).picture(0, 40), {
      code: 'PORTICO_ART_UNAVAILABLE',
    });
  });

  it('brings a frame to the size that is painted', async () => {
    const frame = { rgb: new Uint8Array(8 * 6 * 3).fill(9), widthPx: 8, heightPx: 6 };
    const fitted = await fitFrame(frame, 16);
    assert.deepEqual([fitted.widthPx, fitted.heightPx, fitted.rgb.length], [16, 12, 16 * 12 * 3]);
    assert.equal(fitted.rgb[100], 9);
  });
});
