import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodePhoto } from '../../../src/frame/decode-photo.ts';
import { seededRandom } from '../../../src/numeric/random.ts';
import { drawInTerminal, type QrModules, QUIET_MODULES } from '../../../src/qr/qr-modules.ts';
import { readQr } from '../../../src/qr/read-qr.ts';
import { writeQr } from '../../../src/qr/write-qr.ts';
import { heldCode } from '../../helpers/held-code.ts';
import { paintedImage } from '../../helpers/pictures.ts';

/**
 * As many as a gate's card has, the same in every run: of other bytes, about one code in ten is not read from a single
 * picture at half its height (17 of 179; at three quarters none).
 */
const random = seededRandom(3);
const BYTES = Uint8Array.from({ length: 760 }, () => Math.floor(random() * 256));
const code = await writeQr(BYTES);
const WEBCAM = { widthPx: 640, heightPx: 480, blurPx: 0.7, noise: 6 } as const;

describe('a QR code', () => {
  it('comes back from the pictures that are drawn of it, byte by byte', async () => {
    for (const picture of [code.png, Buffer.from(code.svg)]) {
      assert.deepEqual(await readQr(await decodePhoto(picture)), { kind: 'read', bytes: BYTES });
    }
  });

  it('comes back from the half blocks of a terminal', async () => {
    const read = await readQr(await heldCode(modulesOf(drawInTerminal(code.modules)), WEBCAM_NEAR));
    assert.deepEqual(read, { kind: 'read', bytes: BYTES });
  });

  it('is read by a webcam at half the height of the picture, tilted, rolled, blurred and noisy', async () => {
    for (const held of [
      { ...WEBCAM, share: 0.9 },
      { ...WEBCAM, share: 0.5 },
      { ...WEBCAM, share: 0.75, tiltDegrees: 20, rollDegrees: 8 },
    ]) {
      const read = await readQr(await heldCode(code.modules, held));
      assert.deepEqual(read, { kind: 'read', bytes: BYTES }, JSON.stringify(held));
    }
  });

  it('that is too far away is seen, not read, and its size is told', async () => {
    const far = await readQr(await heldCode(code.modules, { ...WEBCAM, share: 0.3 }));
    assert.notEqual(far.kind, 'read');
    const larger = { widthPx: 1280, heightPx: 720, blurPx: 3, share: 0.4 };
    const sighting = await readQr(await heldCode(code.modules, larger));
    assert.notEqual(sighting.kind, 'read');
    if (sighting.kind === 'unreadable') assert.ok(sighting.share > 0.3 && sighting.share < 0.5);
  });

  it('is not there in a picture of something else', async () => {
    const stripes = paintedImage(320, 240, (x, y) => [x % 256, y, (x * y) % 256]);
    assert.deepEqual(await readQr(stripes), { kind: 'none' });
  });
});

const WEBCAM_NEAR = { ...WEBCAM, share: 0.9 };

/** What an eye sees of the lines, back as modules. */
function modulesOf(lines: readonly string[]): QrModules {
  const rows = lines.flatMap((line) => {
    const blocks = [...(line.match(/m([█▀▄ ]+)/)?.[1] ?? '')];
    return [blocks.map((b) => '█▀'.includes(b)), blocks.map((b) => '█▄'.includes(b))];
  });
  const side = (rows[0]?.length ?? 0) - 2 * QUIET_MODULES;
  const inner = rows
    .slice(QUIET_MODULES, QUIET_MODULES + side)
    .map((row) => row.slice(QUIET_MODULES, QUIET_MODULES + side));
  return { side, isDark: inner.flat() };
}
