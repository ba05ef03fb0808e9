import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { PorticoError } from '../../../src/domain/errors.ts';
import {
  readCompactHeader,
  sealedHeaderSchema,
  signedHeaderSchema,
} from '../../../src/messaging/envelope/compact-header.ts';
import { signerOf } from '../../../src/messaging/envelope/keys.ts';
import { sealForSite } from '../../../src/messaging/envelope/sealing.ts';
import { signDocument } from '../../../src/messaging/envelope/signing.ts';
import { PROTOCOL_SCHEMAS } from '../../../src/messaging/protocol-schemas.ts';
import { MESSAGE_REFUSALS } from '../../../src/messaging/refusal.ts';
import {
  type EventFit,
  type FollowerListener,
  isLinked,
} from '../../../src/messaging/seat/event-follower.ts';
import { RosterBook } from '../../../src/messaging/seat/roster-book.ts';
import {
  parseGatePassport,
  parseSeatFile,
  parseSiteFile,
} from '../../../src/messaging/site/site-files.ts';
import { siteTopics } from '../../../src/messaging/topics.ts';
import { type RandomSource, seededRandom } from '../../../src/numeric/random.ts';
import { decodeVector } from '../../../src/roster/roster-documents.ts';
import { MemoryPictureArchive } from '../../helpers/memory-picture-archive.ts';
import { PROTOCOL_EXAMPLES } from '../../helpers/protocol-examples.ts';
import { MemoryArchive } from '../../helpers/site-fixture.ts';
import { SiteStand, topics } from '../../helpers/site-stand.ts';

/** Raise for a long search: FUZZ_CASES=1000000. Every case is one mutated document or text. */
const CASES = Number(process.env['FUZZ_CASES'] ?? '20000');
const SEED = Number(process.env['FUZZ_SEED'] ?? '1');

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const ODD: readonly (() => Json)[] = [
  () => null,
  () => true,
  () => -1,
  () => 0.5,
  () => Number.MAX_SAFE_INTEGER + 2,
  () => 1e308,
  () => '',
  () => '\u0000',
  () => '../../../etc/passwd',
  () => '#',
  () => '+/+',
  () => 'x'.repeat(70_000),
  () => '\ud800',
  () => [],
  () => ({}),
  () => Array.from({ length: 300 }, () => 0),
  () => ({ constructor: 1, toString: null }),
  () => JSON.parse('{"__proto__": {"polluted": true}}'),
];

const pick = <T>(random: RandomSource, from: readonly T[]): T =>
  from[Math.floor(random() * from.length)]!;

/** The document with one to three things in it replaced, dropped, added or doubled. */
function mutated(random: RandomSource, document: Json): Json {
  let copy = structuredClone(document);
  for (let count = Math.ceil(random() * 3); count > 0; count -= 1) {
    copy = mutateOnce(random, copy);
  }
  return copy;
}

function mutateOnce(random: RandomSource, value: Json): Json {
  if (typeof value !== 'object' || value === null || random() < 0.1) return pick(random, ODD)();
  if (Array.isArray(value)) {
    if (value.length === 0 || random() < 0.3) return [...value, ...value, pick(random, ODD)()];
    const at = Math.floor(random() * value.length);
    return value.map((item, index) => (index === at ? mutateOnce(random, item) : item));
  }
  const keys = Object.keys(value);
  const key = pick(random, keys.length === 0 ? ['x'] : keys);
  const draw = random();
  if (draw < 0.15) delete value[key];
  else if (draw < 0.3)
    value[pick(random, ['extra', 'schemaVersion', 'kind', 'toString'])] = pick(random, ODD)();
  else value[key] = mutateOnce(random, value[key] ?? null);
  return value;
}

function mutatedText(random: RandomSource, text: string): string {
  const at = Math.floor(random() * (text.length + 1));
  const draw = random();
  if (draw < 0.3) return text.slice(0, at);
  if (draw < 0.6)
    return text.slice(0, at) + String.fromCharCode(random() * 300) + text.slice(at + 1);
  if (draw < 0.8) return text.slice(0, at) + text.slice(Math.floor(random() * text.length));
  return text.replaceAll(
    pick(random, ['.', 'e', 'A', '"', '}']),
    pick(random, ['', '..', '\n', '{']),
  );
}

const throwsOnlyPortico = (work: () => unknown): void => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof PorticoError, String(error));
  }
};

describe('fuzzed payloads', () => {
  const kinds = Object.keys(PROTOCOL_SCHEMAS) as (keyof typeof PROTOCOL_SCHEMAS)[];

  it('has a schema and a valid example for every payload', () => {
    for (const kind of kinds) PROTOCOL_SCHEMAS[kind].parse(PROTOCOL_EXAMPLES[kind]);
  });

  it('are refused or taken, and never throw; what is taken means the same when written again', () => {
    const random = seededRandom(SEED);
    let taken = 0;
    for (let count = 0; count < CASES; count += 1) {
      const kind = pick(random, kinds);
      const schema = PROTOCOL_SCHEMAS[kind];
      const parsed = schema.safeParse(mutated(random, PROTOCOL_EXAMPLES[kind] as Json));
      if (!parsed.success) continue;
      taken += 1;
      assert.deepEqual(schema.parse(JSON.parse(JSON.stringify(parsed.data))), parsed.data);
    }
    assert.ok(taken < CASES * 0.5, `${taken} of ${CASES} mutations were taken`);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });

  it('are refused as texts too: headers, topics, files, books, vectors', () => {
    const random = seededRandom(SEED + 1);
    const { parse } = siteTopics('harbour');
    const files = [
      [parseGatePassport, JSON.stringify(PROTOCOL_EXAMPLES['gate-passport'])],
      [parseSeatFile, JSON.stringify(PROTOCOL_EXAMPLES.seat)],
      [parseSiteFile, JSON.stringify(PROTOCOL_EXAMPLES.site)],
      [RosterBook.parse, JSON.stringify({ epoch: 1, payload: 'x' })],
    ] as const;
    const header = Buffer.from('{"alg":"EdDSA","kid":"x","typ":"portico-record+jws"}');
    const compact = `${header.toString('base64url')}.e30.c2ln`;
    for (let count = 0; count < CASES / 4; count += 1) {
      const text = mutatedText(random, compact);
      readCompactHeader(text, 3, signedHeaderSchema);
      readCompactHeader(text, 5, sealedHeaderSchema);
      parse(mutatedText(random, topics.gate('gate-1').command));
      decodeVector(mutatedText(random, 'AACAPwAAAAA'));
      const [parseFile, file] = pick(random, files);
      throwsOnlyPortico(() => parseFile(mutatedText(random, file)));
    }
  });

  it('do a gate no harm when an entitled administrator’s own program is broken', async () => {
    const random = seededRandom(SEED + 2);
    const stand = await SiteStand.open();
    const signer = await signerOf(stand.site.administrator.signingKey);
    const auditor = await signerOf(stand.site.auditor.signingKey);
    const contentKey = stand.site.file.contentKeys[0]!;
    for (let count = 0; count < Math.min(CASES / 50, 20_000); count += 1) {
      const draw = random();
      if (draw < 0.5) {
        const record = mutated(random, PROTOCOL_EXAMPLES.record as Json);
        const signed = await signDocument('record', record as object, signer);
        const payload = Buffer.from(await sealForSite('record', signed, contentKey));
        await stand.broker.say(GATE, { topic: topics.record('p-1'), payload, isRetained: true });
      } else if (draw < 0.7) {
        const head = mutated(random, PROTOCOL_EXAMPLES.head as Json);
        const payload = Buffer.from(await signDocument('head', head as object, signer));
        await stand.broker.say(GATE, { topic: topics.rosterHead, payload, isRetained: true });
      } else if (draw < 0.8) {
        const receipt = mutated(random, PROTOCOL_EXAMPLES['picture-receipt'] as Json);
        const payload = Buffer.from(
          await signDocument('picture-receipt', receipt as object, auditor),
        );
        const topic = topics.gate('gate-1').pictureReceipt;
        await stand.broker.say(GATE, { topic, payload, isRetained: false });
      } else {
        const command = mutated(random, PROTOCOL_EXAMPLES.command as Json);
        const signed = await signDocument('command', command as object, signer);
        const payload = Buffer.from(await sealForSite('command', signed, contentKey));
        const topic = topics.gate('gate-1').command;
        const responseTopic = topics.answers('fuzz-desk');
        await stand.broker.say(GATE, { topic, payload, isRetained: false, responseTopic });
      }
    }
    await stand.gate.settled();
    const failures = stand.logger.records.filter(({ level }) => level === 'error');
    assert.deepEqual(failures, []);
    for (const reason of Object.keys(stand.gate.refusals())) {
      assert.ok(new Set<string>(MESSAGE_REFUSALS).has(reason), reason);
    }
    await stand.gate.close();
  });

  it('do a gate no harm when the root’s own program is broken', async () => {
    const random = seededRandom(SEED + 3);
    const stand = await SiteStand.open();
    const root = await signerOf(stand.site.file.root);
    for (let count = 0; count < Math.min(CASES / 100, 10_000); count += 1) {
      const kind = random() < 0.5 ? 'trust-list' : 'content-keys';
      const document = mutated(random, PROTOCOL_EXAMPLES[kind] as Json);
      const payload = Buffer.from(await signDocument(kind, document as object, root));
      const topic = kind === 'trust-list' ? topics.trustList : topics.gate('gate-1').contentKeys;
      await stand.broker.say(GATE, { topic, payload, isRetained: true });
      if (count % 50 === 49) await stand.gate.settled();
    }
    await stand.gate.settled();
    assert.deepEqual(
      stand.logger.records.filter(({ level }) => level === 'error'),
      [],
    );
    await stand.gate.close();
  });

  it('do a desk no harm when a gate’s own program is broken', async () => {
    const random = seededRandom(SEED + 4);
    const stand = await SiteStand.open();
    const desk = await stand.desk('auditor');
    const unlinked: EventFit[] = [];
    const archive = new MemoryArchive();
    const pictures = new MemoryPictureArchive(archive);
    const onEvent: FollowerListener['onEvent'] = (event, fit) => {
      if (!isLinked(event)) unlinked.push(fit);
    };
    await desk.followEvents(archive, { onEvent }, { pictures });
    const gate = await signerOf(stand.site.passports[0]!.signingKey);
    const own = topics.gate('gate-1');
    for (let count = 0; count < Math.min(CASES / 50, 20_000); count += 1) {
      const draw = random();
      if (draw < 0.2) {
        const text = JSON.stringify(mutated(random, PROTOCOL_EXAMPLES.availability as Json));
        const payload = Buffer.from(draw < 0.1 ? mutatedText(random, text) : text);
        await stand.broker.sayTo(DESKS, { topic: own.availability, payload, isRetained: true });
        continue;
      }
      if (draw < 0.3) {
        const text = JSON.stringify(mutated(random, PROTOCOL_EXAMPLES.picture as Json));
        const payload = Buffer.from(draw < 0.25 ? mutatedText(random, text) : text);
        await stand.broker.sayTo(DESKS, { topic: own.picture, payload, isRetained: false });
        continue;
      }
      const kind = draw < 0.6 ? 'event' : 'state';
      const document = mutated(random, PROTOCOL_EXAMPLES[kind] as Json);
      const payload = Buffer.from(await signDocument(kind, document as object, gate));
      await stand.broker.sayTo(DESKS, { topic: own[kind], payload, isRetained: kind === 'state' });
    }
    await stand.settle();
    // Kept as evidence, and named for what it is.
    assert.ok(unlinked.every((fit) => fit === 'broken-chain'));
    assert.equal(pictures.kept.size, 0);
    await desk.close();
    await stand.gate.close();
  });

  it('leave nothing behind in memory', () => {
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    assert.ok(typeof collect === 'function');
    const random = seededRandom(SEED + 5);
    const heapAfter = (cases: number): number => {
      for (let count = 0; count < cases; count += 1) {
        const kind = pick(random, kinds);
        PROTOCOL_SCHEMAS[kind].safeParse(mutated(random, PROTOCOL_EXAMPLES[kind] as Json));
      }
      collect();
      return process.memoryUsage().heapUsed;
    };
    const warm = heapAfter(2_000);
    const grown = heapAfter(CASES) - warm;
    assert.ok(grown < 8e6, `${grown} bytes more after ${CASES} cases`);
  });
});

const GATE = 'portico-harbour-gate-gate-1';
const DESKS = /-desk-/;
