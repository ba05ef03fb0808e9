import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import sharp from 'sharp';
import { cardInPhoto } from '../../../src/cli/read-card.ts';
import { codeForFile, codesFor } from '../../../src/cli/show-card.ts';
import { PorticoError } from '../../../src/domain/errors.ts';
import { decodePhoto } from '../../../src/frame/decode-photo.ts';
import { CardParts, splitCard } from '../../../src/messaging/site/card-parts.ts';
import { wholeSideOf } from '../../../src/qr/qr-modules.ts';
import { readQr } from '../../../src/qr/read-qr.ts';
import { writeQr } from '../../../src/qr/write-qr.ts';

const says = (code: string, words: RegExp) => (error: unknown) =>
  error instanceof PorticoError && error.code === code && words.test(error.message);

describe('a photograph of a code', () => {
  const refused = (photo: Uint8Array, words: RegExp) =>
    assert.rejects(cardInPhoto(photo), says('PORTICO_SITE_FILE', words));
  const drawn = async (bytes: Uint8Array) => (await writeQr(bytes)).png;

  it('is refused, with what to do, when it shows something else, a part, or nothing', async () => {
    await refused(await drawn(Buffer.from('https://example.org')), /code of something else/);
    const [half = Buffer.alloc(1)] = splitCard(Buffer.from('no card, in two parts'), 2);
    await refused(await drawn(half), /one of 2 codes/);
    const [whole = Buffer.alloc(1)] = splitCard(Buffer.from('no card'), 1);
    await refused(await drawn(whole), /content is damaged/);
    const grey = { width: 64, height: 64, channels: 3, background: 'grey' } as const;
    await refused(await sharp({ create: grey }).png().toBuffer(), /no code in sight/);
    const text = cardInPhoto(Buffer.from('no picture'));
    await assert.rejects(text, says('PORTICO_IMAGE_UNREADABLE', /photograph/));
  });
});

describe('the codes of a card', () => {
  const card = new Uint8Array(Array.from({ length: 760 }, (_, at) => (at * 31) % 256));

  it('fit the terminal, one where it can be, and make the card', async () => {
    for (const [columns, lines, most] of [
      [120, 60, 1],
      [80, 24, 16],
    ] as const) {
      const codes = await codesFor(card, { columns, lines });
      assert.ok(codes.length <= most, `${codes.length} codes`);
      const parts = new CardParts();
      let outcome: ReturnType<CardParts['take']> = { kind: 'foreign' };
      for (const { modules, png } of codes) {
        assert.ok(wholeSideOf(modules) <= Math.min(columns, 2 * lines - 8));
        const read = await readQr(await decodePhoto(png));
        if (read.kind === 'read') outcome = parts.take(read.bytes);
      }
      assert.ok(outcome.kind === 'whole');
      assert.deepEqual(new Uint8Array(outcome.bytes), card);
    }
  });

  it('are refused where there is no room, or too much for one', async () => {
    const tiny = codesFor(card, { columns: 20, lines: 10 });
    await assert.rejects(tiny, says('PORTICO_USAGE', /20 columns/));
    assert.throws(() => codeForFile(new Uint8Array(4_000)), says('PORTICO_USAGE', /too many/));
  });
});
