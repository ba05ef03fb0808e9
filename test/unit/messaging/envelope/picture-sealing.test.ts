import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  createSealingKey,
  type Recipient,
  recipientOf,
} from '../../../../src/messaging/envelope/keys.ts';
import {
  openPicture,
  PICTURE_BYTES_MAX,
  pictureDigest,
  sealPicture,
} from '../../../../src/messaging/envelope/picture-sealing.ts';
import { refusedFor } from '../../../../src/messaging/refusal.ts';
import { SIZE_LIMITS } from '../../../../src/messaging/size-limits.ts';

const ORIGIN = { site: 'harbour', gateId: 'gate-1' };
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, ...Buffer.from('a face'.repeat(100))]);

describe('sealing a picture', () => {
  let ann: Recipient;
  let ben: Recipient;
  let outsider: Recipient;
  /** Ann's key, as the trust list has it. */
  let toAnn: Recipient;
  let payload: string;
  const announced = (text: string) => ({ ...ORIGIN, digest: pictureDigest(text) });

  before(async () => {
    const own = await Promise.all([createSealingKey(), createSealingKey(), createSealingKey()]);
    [ann, ben, outsider] = (await Promise.all(own.map(recipientOf))) as [
      Recipient,
      Recipient,
      Recipient,
    ];
    const [first, second] = await Promise.all(own.map(({ x }) => recipientOf({ x })));
    assert.ok(first !== undefined && second !== undefined);
    toAnn = first;
    payload = await sealPicture(JPEG, ORIGIN, [first, second]);
  });

  it('lets each auditor in, and nobody else', async () => {
    for (const auditor of [ann, ben]) {
      const opened = await openPicture(payload, announced(payload), auditor);
      assert.ok(opened.outcome === 'opened' && Buffer.from(opened.jpeg).equals(JPEG));
    }
    const asOutsider = await openPicture(payload, announced(payload), outsider);
    assert.deepEqual(asOutsider, refusedFor('unknown-content-key'));
    const renamed = { ...outsider, kid: ann.kid };
    assert.deepEqual(
      await openPicture(payload, announced(payload), renamed),
      refusedFor('unknown-content-key'),
    );
  });

  it('shows nothing of the picture', () => {
    for (const form of ['latin1', 'base64', 'base64url'] as const) {
      assert.equal(payload.includes(JPEG.subarray(9, 60).toString(form)), false);
    }
  });

  it('opens only what the event announced', async () => {
    const other = await sealPicture(JPEG, ORIGIN, [toAnn]);
    assert.deepEqual(
      await openPicture(other, announced(payload), ann),
      refusedFor('not-authentic'),
    );
    for (const [wrong, reason] of [
      [{ ...ORIGIN, gateId: 'gate-2' }, 'wrong-gate'],
      [{ ...ORIGIN, site: 'airport' }, 'foreign-site'],
    ] as const) {
      const text = await sealPicture(JPEG, wrong, [toAnn]);
      assert.deepEqual(await openPicture(text, announced(text), ann), refusedFor(reason));
    }
  });

  it('refuses what is no picture, whoever announced it', async () => {
    const page = await sealPicture(Buffer.from('<html>'), ORIGIN, [toAnn]);
    assert.deepEqual(await openPicture(page, announced(page), ann), refusedFor('wrong-schema'));
    for (const text of ['', '{}', JSON.stringify({ ...JSON.parse(payload), extra: 1 })]) {
      assert.deepEqual(await openPicture(text, announced(text), ann), refusedFor('wrong-schema'));
    }
    const halves = JSON.parse(payload);
    const swapped = JSON.stringify({ ...halves, sealed: JSON.parse(page).sealed });
    const opened = await openPicture(swapped, announced(swapped), ann);
    assert.equal(opened.outcome, 'refused');
  });

  it('fits its topic at its largest', async () => {
    const everybody = Array.from({ length: 64 }, () => toAnn);
    const largest = Buffer.concat([JPEG, Buffer.alloc(PICTURE_BYTES_MAX - JPEG.length, 7)]);
    const text = await sealPicture(largest, ORIGIN, everybody);
    assert.ok(text.length <= SIZE_LIMITS.picture, `${text.length} bytes`);
    const opened = await openPicture(text, announced(text), ann);
    assert.ok(opened.outcome === 'opened' && opened.jpeg.length === PICTURE_BYTES_MAX);
  });
});
