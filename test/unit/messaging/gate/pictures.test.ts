import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IncomingMessage } from '../../../../src/messaging/broker/broker-link.ts';
import { recipientOf, signerOf } from '../../../../src/messaging/envelope/keys.ts';
import { openPicture } from '../../../../src/messaging/envelope/picture-sealing.ts';
import { signDocument } from '../../../../src/messaging/envelope/signing.ts';
import type { SiteLinkOptions } from '../../../../src/messaging/gate/site-link.ts';
import type { SiteDesk } from '../../../../src/messaging/seat/site-desk.ts';
import { revokeKey, trustListOf } from '../../../../src/messaging/site/found-site.ts';
import { MemoryPictureArchive } from '../../../helpers/memory-picture-archive.ts';
import { MemoryArchive } from '../../../helpers/site-fixture.ts';
import { SiteStand, topics } from '../../../helpers/site-stand.ts';

const HOUR_MS = 3_600_000;
const ON: Partial<SiteLinkOptions> = { keepPicturesForMs: 72 * HOUR_MS };
const { picture: PICTURE, pictureReceipt: RECEIPT } = topics.gate('gate-1');
const GATE = 'portico-harbour-gate-gate-1';
const DESKS = /-desk-/;
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);

async function followed(stand: SiteStand) {
  const archive = new MemoryArchive();
  const pictures = new MemoryPictureArchive(archive);
  const auditor = await stand.desk('auditor');
  await auditor.followEvents(archive, { onEvent: () => undefined }, { pictures });
  await stand.settle();
  return { archive, pictures, auditor };
}

/** Somebody is refused, and the gate makes a picture. */
async function refuse(stand: SiteStand) {
  const of = stand.store.append('{"n":0}');
  const outcome = await stand.gate.pictures.keep(of, JPEG);
  await stand.settle();
  return { of, outcome };
}

const said = (stand: SiteStand, topic: string): readonly IncomingMessage[] =>
  stand.broker.log.filter((message) => message.topic === topic);

describe('pictures of events', () => {
  it('are not made where nobody asked for them: not one byte', async () => {
    const stand = await SiteStand.open();
    const { pictures } = await followed(stand);
    assert.equal((await refuse(stand)).outcome, 'off');
    assert.equal(stand.store.pictures.count, 0);
    assert.equal(stand.store.outboxRange().last, 1, 'no event tells of one');
    assert.deepEqual(said(stand, PICTURE), []);
    assert.equal(pictures.kept.size, 0);
    await stand.gate.close();
  });

  it('go to the auditor, who opens them and takes them over', async () => {
    const stand = await SiteStand.open(ON);
    const { pictures } = await followed(stand);
    const { of, outcome } = await refuse(stand);
    assert.equal(outcome, 'kept');
    const [announced] = pictures.announcements();
    assert.equal(announced?.of, of);
    assert.equal(announced.expiresAtMs, stand.clock.wall() + 72 * HOUR_MS);
    const kept = pictures.kept.get(announced.digest);
    const { sealingKey } = stand.site.auditor;
    assert.ok(kept !== undefined && sealingKey !== undefined);
    const origin = { site: 'harbour', ...announced };
    const opened = await openPicture(kept.payload, origin, await recipientOf(sealingKey));
    assert.ok(opened.outcome === 'opened' && Buffer.from(opened.jpeg).equals(JPEG));
    assert.equal(stand.store.pictures.count, 0, 'the gate has forgotten it');
    await stand.gate.close();
  });

  it('open neither for an administrator who is no auditor, nor for any gate', async () => {
    const stand = await SiteStand.open(ON);
    const { pictures } = await followed(stand);
    await refuse(stand);
    const [announced] = pictures.announcements();
    const { payload } = pictures.kept.get(announced?.digest ?? '') ?? assert.fail();
    assert.equal(stand.site.administrator.sealingKey, undefined);
    for (const { sealingKey } of stand.site.passports) {
      const origin = { site: 'harbour', ...announced! };
      const opened = await openPicture(payload, origin, await recipientOf(sealingKey));
      assert.equal(opened.outcome, 'refused');
    }
    for (const { k } of stand.site.file.contentKeys) assert.equal(payload.includes(k), false);
    await stand.gate.close();
  });

  it('are sealed for nobody who was revoked, and not made when nobody is left', async () => {
    const stand = await SiteStand.open(ON);
    const auditor = stand.site.file.administrators.find(({ roles }) => roles.includes('audit'));
    const revoked = revokeKey(stand.site.file, auditor?.kid ?? '');
    await stand.say(topics.trustList, await trustListOf(revoked, stand.clock.wall()));
    assert.equal((await refuse(stand)).outcome, 'no-auditor');
    assert.equal(stand.store.pictures.count, 0);
    await stand.gate.close();
  });

  it('wait for an auditor, and are offered when one begins', async () => {
    const stand = await SiteStand.open(ON);
    for (let count = 0; count < 3; count += 1) await refuse(stand);
    assert.equal(stand.store.pictures.count, 3);
    const { pictures } = await followed(stand);
    await stand.clock.advance(1_000);
    await stand.settle();
    assert.equal(pictures.kept.size, 3);
    assert.equal(stand.store.pictures.count, 0);
    await stand.gate.close();
  });

  it('are offered again, less and less often, to an auditor who could not keep them', async () => {
    const stand = await SiteStand.open(ON);
    const { pictures } = await followed(stand);
    pictures.fault = new Error('the disk is full');
    await refuse(stand);
    assert.equal(stand.store.pictures.count, 1);
    await stand.clock.advance(60_000);
    await stand.settle();
    assert.equal(pictures.kept.size, 1);
    assert.equal(stand.store.pictures.count, 0);
    stand.broker.isForwarding = false;
    await refuse(stand);
    const before = said(stand, PICTURE).length;
    for (let minute = 0; minute < 65; minute += 1) {
      await stand.clock.advance(60_000);
      await stand.gate.settled();
    }
    const offers = said(stand, PICTURE).length - before;
    assert.ok(offers >= 5 && offers <= 8, `${offers} offers in an hour`);
    await stand.gate.close();
  });

  it('are deleted at the gate and at the desk when they expire', async () => {
    const stand = await SiteStand.open({ keepPicturesForMs: HOUR_MS });
    const { pictures, auditor } = await followed(stand);
    await refuse(stand);
    await auditor.close();
    stand.broker.isForwarding = false;
    await refuse(stand);
    assert.deepEqual([stand.store.pictures.count, pictures.kept.size], [1, 1]);
    stand.broker.isForwarding = true;
    await stand.clock.advance(HOUR_MS + 60_000);
    assert.equal(stand.store.pictures.count, 0);
    const again = await stand.desk('auditor');
    await again.followEvents(new MemoryArchive(), { onEvent: () => undefined }, { pictures });
    assert.equal(pictures.kept.size, 0, 'what expired while the desk was off goes first');
    await stand.gate.close();
  });

  it('that wait are deleted by a gate that makes none any more', async () => {
    const stand = await SiteStand.open(ON);
    await refuse(stand);
    await stand.gate.close();
    const without = await stand.startGate();
    assert.equal(stand.store.pictures.count, 0);
    await without.close();
  });

  it('cost no event when the store cannot keep them', async () => {
    const stand = await SiteStand.open(ON);
    stand.store.pictures.fault = new Error('the disk is full');
    assert.equal((await refuse(stand)).outcome, 'not-stored');
    assert.equal(stand.store.outboxRange().last, 1);
    const { archive } = await followed(stand);
    await stand.settle();
    assert.deepEqual(archive.numbersOf('gate-1'), [1]);
    await stand.gate.close();
  });
});

describe('an auditor whose pictures are not what they should be', () => {
  const waiting = async (): Promise<{
    readonly stand: SiteStand;
    readonly pictures: MemoryPictureArchive;
    readonly auditor: SiteDesk;
    readonly message: IncomingMessage;
  }> => {
    const stand = await SiteStand.open(ON);
    const { pictures, auditor } = await followed(stand);
    pictures.fault = new Error('not now');
    await refuse(stand);
    const [message] = said(stand, PICTURE);
    assert.ok(message !== undefined);
    return { stand, pictures, auditor, message };
  };

  it('takes none that is altered, of another gate, never announced, or too large', async () => {
    const { stand, pictures, message } = await waiting();
    const flipped = Buffer.from(message.payload);
    flipped[flipped.length >> 1]! ^= 1;
    const wrong: readonly Partial<IncomingMessage>[] = [
      { payload: flipped },
      { payload: message.payload.subarray(0, 500) },
      { payload: Buffer.alloc(200_000, 'a') },
      { topic: topics.gate('gate-2').picture },
    ];
    for (const change of wrong) await stand.broker.sayTo(DESKS, { ...message, ...change });
    await stand.settle();
    assert.equal(pictures.kept.size, 0);
    assert.deepEqual(said(stand, RECEIPT), [], 'no receipt is given for any of it');
    await stand.broker.sayTo(DESKS, message);
    await stand.settle();
    assert.equal(pictures.kept.size, 1);
    assert.equal(stand.store.pictures.count, 0);
    await stand.gate.close();
  });

  it('takes none that has expired, and none that would last for ever', async () => {
    const { stand, pictures, message } = await waiting();
    stand.clock.stepWall(73 * HOUR_MS);
    await stand.broker.sayTo(DESKS, message);
    stand.clock.stepWall(-100 * 24 * HOUR_MS);
    await stand.broker.sayTo(DESKS, message);
    await stand.settle();
    assert.equal(pictures.kept.size, 0);
    await stand.gate.close();
  });

  it('keeps one that comes twice once, and says twice that it has it', async () => {
    const { stand, pictures, message } = await waiting();
    for (let count = 0; count < 2; count += 1) await stand.broker.sayTo(DESKS, message);
    await stand.settle();
    assert.equal(pictures.kept.size, 1);
    assert.equal(said(stand, RECEIPT).length, 2);
    await stand.gate.close();
  });

  it('alone may tell a gate to forget', async () => {
    const { stand, pictures } = await waiting();
    const digests = pictures.announcements().map(({ digest }) => digest);
    const receipt = {
      schemaVersion: 1,
      kind: 'picture-receipt',
      site: 'harbour',
      gateId: 'gate-1',
      digests,
      issuedAtMs: stand.clock.wall(),
    };
    const auditor = await signerOf(stand.site.auditor.signingKey);
    const operator = await signerOf(stand.site.administrator.signingKey);
    const gate = await signerOf(stand.site.passports[1]!.signingKey);
    for (const [document, signer] of [
      [receipt, operator],
      [receipt, gate],
      [{ ...receipt, gateId: 'gate-2' }, auditor],
      [{ ...receipt, site: 'airport' }, auditor],
      [{ ...receipt, extra: 1 }, auditor],
    ] as const) {
      await stand.say(RECEIPT, await signDocument('picture-receipt', document, signer));
    }
    await stand.broker.say(GATE, {
      topic: RECEIPT,
      payload: Buffer.alloc(9_000, 'a'),
      isRetained: false,
    });
    await stand.settle();
    assert.equal(stand.store.pictures.count, 1);
    assert.deepEqual(stand.gate.refusals(), {
      'wrong-role': 1,
      'unknown-key': 1,
      'wrong-gate': 1,
      'foreign-site': 1,
      'wrong-schema': 1,
      oversize: 1,
    });
    await stand.say(RECEIPT, await signDocument('picture-receipt', receipt, auditor));
    assert.equal(stand.store.pictures.count, 0);
    await stand.gate.close();
  });
});
