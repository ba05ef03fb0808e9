import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { OpenBrokerLink } from '../../../../src/messaging/broker/broker-link.ts';
import { redeemCard } from '../../../../src/messaging/gate/redeem-card.ts';
import { CardParts, splitCard } from '../../../../src/messaging/site/card-parts.ts';
import { cardOf, packCard, unpackCard } from '../../../../src/messaging/site/passport-card.ts';
import type { BrokerAddress } from '../../../../src/messaging/site/site-files.ts';
import { SIZE_LIMITS } from '../../../../src/messaging/size-limits.ts';
import { siteTopics } from '../../../../src/messaging/topics.ts';
import { createAuthority, issueCertificate } from '../../../../src/office/tls/certificates.ts';
import { FakeClock } from '../../../helpers/fake-clock.ts';
import { ModelBroker } from '../../../helpers/model-broker.ts';
import { makeSite } from '../../../helpers/site-fixture.ts';
import { faultCoded } from '../../../helpers/store-bench.ts';

const clock = new FakeClock();
const now = clock.wall();
const authority = createAuthority('Portico harbour', now);
const issued = issueCertificate(authority, {
  commonName: 'gate-1',
  authorityName: 'Portico harbour',
  use: { kind: 'client' },
  now,
});
const overTls = (more: Partial<NonNullable<BrokerAddress['tls']>> = {}): BrokerAddress => ({
  url: 'mqtts://broker.local:8883',
  tls: { authority: authority.certificate, ...issued, ...more },
});
const site = await makeSite(clock, { gates: 40, addressFor: () => overTls() });
const passport = site.passports.at(-1)!;
const card = await cardOf(passport);
const packed = packCard(card);

describe('the card of a passport', () => {
  it('comes back whole, however large the site, and fits a code that a webcam reads', async () => {
    assert.deepEqual(await unpackCard(packed), card);
    const { trustList, contentKeys, ...rest } = passport;
    assert.deepEqual({ ...card, trustEpoch: undefined }, { ...rest, trustEpoch: undefined });
    assert.ok(JSON.stringify(passport).length > 10_000);
    // Version 20 of QR, 97 modules a side, holds 858 bytes.
    assert.ok(packed.length < 820, `${packed.length} bytes`);
  });

  it('carries several authorities and keys of another kind, of the operator’s own', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const own = { privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
    const both = authority.certificate + createAuthority('Another', now).certificate;
    const broker = overTls({ ...own, authority: both });
    const back = await unpackCard(packCard({ ...card, broker }));
    assert.deepEqual(back.broker, broker);
    assert.ok(createPrivateKey(back.broker.tls!.privateKey).equals(privateKey));
  });

  it('needs no certificates for a broker on this machine', async () => {
    const plain = { ...card, broker: { url: 'mqtt://127.0.0.1:1883' } };
    assert.deepEqual(await unpackCard(packCard(plain)), plain);
  });

  it('is refused when damaged, whatever the damage, and never takes the program down', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(packed.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const damaged = Uint8Array.from(packed);
          damaged[at]! ^= by;
          // A changed byte of a key is another key: what it may open is asked of the broker, and refused there.
          await unpackCard(damaged).catch((error: unknown) =>
            assert.ok(faultCoded('PORTICO_SITE_FILE')(error as Error)),
          );
        },
      ),
      { numRuns: 200 },
    );
    const half = packed.subarray(0, packed.length / 2);
    await assert.rejects(unpackCard(half), faultCoded('PORTICO_SITE_FILE'));
    await assert.rejects(unpackCard(randomBytes(700)), faultCoded('PORTICO_SITE_FILE'));
  });

  it('is not made of a passport whose trust list somebody else signed', async () => {
    const other = await makeSite(clock, { site: 'harbour' });
    const mixed = { ...passport, trustList: other.passports[0]!.trustList };
    await assert.rejects(cardOf(mixed), faultCoded('PORTICO_SITE_FILE'));
  });
});

describe('a card in parts', () => {
  it('is put together from any order, with repetitions', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 900 }),
        fc.integer({ min: 1, max: 16 }),
        fc.infiniteStream(fc.nat()),
        (whole, count, order) => {
          const parts = splitCard(whole, count);
          const collector = new CardParts();
          const again = parts.flatMap((part) => [part, part]);
          const shuffled = again
            .map((part) => ({ part, key: order.next().value }))
            .sort((a, b) => a.key - b.key);
          const outcomes = shuffled.map(({ part }) => collector.take(part));
          const done = outcomes.find(({ kind }) => kind === 'whole');
          assert.ok(done?.kind === 'whole');
          assert.deepEqual(new Uint8Array(done.bytes), whole);
        },
      ),
    );
  });

  it('does not mix two cards, and knows what is none', () => {
    const collector = new CardParts();
    const [first] = splitCard(Buffer.from('one card'), 2);
    const [, second] = splitCard(Buffer.from('another!'), 2);
    assert.deepEqual(collector.take(first!), { kind: 'taken', have: 1, count: 2 });
    assert.deepEqual(collector.take(second!), { kind: 'taken', have: 1, count: 2 });
    assert.deepEqual(collector.take(Buffer.from('https://example.org/')), { kind: 'foreign' });
    assert.deepEqual(collector.take(Buffer.alloc(0)), { kind: 'foreign' });
    const wrong = Buffer.from(splitCard(Buffer.from('a card'), 1)[0]!);
    wrong[wrong.length - 1]! ^= 1;
    assert.deepEqual(collector.take(wrong), { kind: 'damaged' });
  });
});

describe('redeeming a card', () => {
  const topics = siteTopics('harbour');
  const keysTopic = topics.gate(passport.gateId).contentKeys;
  const redeem = (broker: ModelBroker) =>
    redeemCard(card, {
      clock,
      withinMs: 15_000,
      signal: new AbortController().signal,
      openLink: broker.openLink,
    });
  const keep = (broker: ModelBroker, topic: string, text: string): void =>
    void broker.retained.set(topic, { topic, payload: Buffer.from(text), isRetained: true });
  const gaveUp = async (broker: ModelBroker, code: string): Promise<void> => {
    const waiting = redeem(broker).catch((error: Error) => error);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    await clock.advance(15_001);
    const error = await waiting;
    assert.ok(error instanceof Error && faultCoded(code)(error), String(error));
  };

  it('makes the passport whole with what the broker keeps', async () => {
    const broker = new ModelBroker();
    keep(broker, topics.trustList, passport.trustList);
    keep(broker, keysTopic, passport.contentKeys);
    assert.deepEqual(await redeem(broker), passport);
  });

  it('takes no trust list that is older than the card, and no keys of another gate', async () => {
    const broker = new ModelBroker();
    const [older] = site.passports;
    keep(broker, topics.trustList, older!.trustList);
    keep(broker, keysTopic, passport.contentKeys);
    await gaveUp(broker, 'PORTICO_SITE_FILE');
    keep(broker, topics.trustList, passport.trustList);
    keep(broker, keysTopic, older!.contentKeys);
    await gaveUp(broker, 'PORTICO_SITE_FILE');
    keep(broker, keysTopic, 'x'.repeat(SIZE_LIMITS.contentKeys + 1));
    await gaveUp(broker, 'PORTICO_SITE_FILE');
  });

  it('takes none that another root signed', async () => {
    const broker = new ModelBroker();
    const other = (await makeSite(clock)).passports[0]!;
    keep(broker, topics.trustList, other.trustList);
    keep(broker, keysTopic, other.contentKeys);
    await gaveUp(broker, 'PORTICO_SITE_FILE');
  });

  it('gives up when nothing answers or the broker turns the gate away', async () => {
    const silent = {
      publish: () => Promise.resolve('taken' as const),
      subscribe: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
    const signal = new AbortController().signal;
    const waiting = assert.rejects(
      redeemCard(card, { clock, withinMs: 15_000, signal, openLink: () => silent }),
      faultCoded('PORTICO_SITE_UNREACHABLE'),
    );
    await clock.advance(15_001);
    await waiting;
    const refusing: OpenBrokerLink = (_, { onDown }) => {
      setImmediate(() => onDown('not authorized', true));
      return silent;
    };
    const refused = redeemCard(card, { clock, withinMs: 15_000, signal, openLink: refusing });
    await assert.rejects(refused, faultCoded('PORTICO_SITE_REFUSED'));
  });
});
