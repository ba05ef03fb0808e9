import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { type WallMs, wallMs } from '../../../src/domain/units.ts';
import type { EventDocument } from '../../../src/messaging/documents/event-document.ts';
import { recipientOf } from '../../../src/messaging/envelope/keys.ts';
import { pictureDigest, sealPicture } from '../../../src/messaging/envelope/picture-sealing.ts';
import { ArchiveFolder } from '../../../src/office/archive-folder.ts';
import { PictureFolder } from '../../../src/office/picture-folder.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { makeSite, type TestSite } from '../../helpers/site-fixture.ts';
import { scratchFolder } from '../../helpers/store-bench.ts';

const scratch = scratchFolder();
const now = new FakeClock().wall();
const HOUR_MS = 3_600_000;
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 5, 6, 7]);
const later = (hours: number): WallMs => wallMs(now + hours * HOUR_MS);
let site: TestSite;
let folders = 0;

/** The folder of an auditor who has these pictures of events 1, 2 ..., by the hours that they last. */
async function aFolder(...hours: readonly number[]) {
  folders += 1;
  const path = join(scratch, String(folders));
  const archive = new ArchiveFolder(join(path, 'archive'));
  const pictures = new PictureFolder(join(path, 'pictures'), archive);
  const recipients = [await recipientOf({ x: site.auditor.sealingKey?.x ?? '' })];
  for (const [index, lasts] of hours.entries()) {
    const of = 2 * index + 1;
    const payload = await sealPicture(JPEG, { site: 'harbour', gateId: 'gate-1' }, recipients);
    const digest = pictureDigest(payload);
    const event = { type: 'picture.taken', of, digest, expiresAtMs: later(lasts) };
    const record = JSON.stringify({ number: of + 1, atMs: now, event });
    await archive.append({ ...EVENT, number: of + 1, record }, 'signature');
    const announced = pictures.announced('gate-1', digest);
    assert.equal(announced?.of, of);
    pictures.keep(announced, payload);
  }
  const show = (number: number, at = now, seat = site.auditor) =>
    pictures.show(pictures.of('gate-1', number), seat, at);
  const files = (): readonly string[] => readdirSync(join(path, 'pictures', 'gate-1'));
  return { path, pictures, archive, show, files };
}
const EVENT: EventDocument = {
  schemaVersion: 1,
  kind: 'event',
  site: 'harbour',
  gateId: 'gate-1',
  streamId: 's'.repeat(22),
  number: 1,
  record: '{}',
  previousHash: 'p'.repeat(43),
  hash: 'h'.repeat(43),
};

describe('the folder of an auditor’s pictures', () => {
  before(async () => {
    site = await makeSite(new FakeClock());
  });

  it('shows a picture by the number of its event, or of the one that announced it', async () => {
    const { show, files, path } = await aFolder(1, 1);
    for (const number of [1, 2, 3, 4]) {
      const shown = await show(number);
      assert.ok(shown.outcome === 'opened' && Buffer.from(shown.jpeg).equals(JPEG), `${number}`);
    }
    assert.deepEqual(await show(9), { outcome: 'none' });
    for (const name of files()) {
      const file = join(path, 'pictures', 'gate-1', name);
      assert.equal(statSync(file).mode & 0o777, 0o600);
      assert.equal(readFileSync(file).includes(JPEG.subarray(0, 4)), false);
    }
  });

  it('deletes what expires, also what it does not know, and nothing else', async () => {
    const { pictures, show, files, path } = await aFolder(1, 3);
    writeFileSync(join(path, 'pictures', 'gate-1', 'cut.json.new-1'), 'half a picture');
    pictures.expire(later(1));
    assert.equal(files().length, 1);
    assert.deepEqual(await show(1, later(1)), { outcome: 'expired' });
    assert.equal((await show(3, later(1))).outcome, 'opened');
    pictures.expire(later(3));
    assert.deepEqual(files(), []);
  });

  it('shows nothing that has expired, even before it is deleted', async () => {
    const { show } = await aFolder(1);
    assert.deepEqual(await show(1, later(1)), { outcome: 'expired' });
  });

  it('says what is missing: the picture, the key, or the truth', async () => {
    const { show, files, path } = await aFolder(1);
    assert.deepEqual(await show(1, now, site.administrator), { outcome: 'no-key' });
    const { sealingKey: _lost, ...unable } = site.auditor;
    assert.deepEqual(await show(1, now, unable), { outcome: 'no-key' });
    const [name = ''] = files();
    const file = join(path, 'pictures', 'gate-1', name);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"sealed":"', '"sealed":"x'));
    assert.deepEqual(await show(1), { outcome: 'damaged' });
    writeFileSync(file, '');
    assert.deepEqual(await show(1), { outcome: 'damaged' });
    const { pictures } = await aFolder();
    assert.equal(pictures.announced('gate-1', 'd'.repeat(43)), undefined);
  });

  it('notices what another program at this seat has archived meanwhile', async () => {
    const { pictures, archive, path } = await aFolder(1);
    const digest = 'q'.repeat(43);
    assert.equal(pictures.announced('gate-1', digest), undefined);
    const event = { type: 'picture.taken', of: 7, digest, expiresAtMs: later(1) };
    const other = new ArchiveFolder(join(path, 'archive'));
    const record = JSON.stringify({ number: 8, atMs: now, event });
    await other.append({ ...EVENT, number: 8, record }, 'signature');
    assert.equal(pictures.announced('gate-1', digest)?.of, 7);
    assert.equal(pictures.announced('gate-2', digest), undefined);
    assert.deepEqual(await pictures.show(pictures.of('gate-1', 7), site.auditor, now), {
      outcome: 'not-here',
    });
    archive.close();
    other.close();
  });

  it('needs no folder to have nothing in it', () => {
    const path = join(scratch, 'nothing');
    new PictureFolder(path, new ArchiveFolder(path)).expire(now);
    assert.equal(existsSync(path), false);
  });
});
