import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { IncomingMessage } from '../../../src/messaging/broker/broker-link.ts';
import { foundSite } from '../../../src/messaging/site/found-site.ts';
import { siteTopics } from '../../../src/messaging/topics.ts';
import { makeSite, person } from '../../helpers/site-fixture.ts';
import { SiteStand, topics } from '../../helpers/site-stand.ts';

/*
 * The broker is an enemy. It has heard everything that was ever said in the site, and says to a gate
 * whatever it likes, in whatever order, to whatever topic, altered, cut, retained or not, together
 * with forgeries by keys of its own. Raise for a long search: HOSTILE_RUNS=2000.
 */
const { HOSTILE_RUNS = '25' } = process.env;
const GATE = 'portico-harbour-gate-gate-1';
const PEOPLE = ['a', 'b', 'c', 'd'];

/** What the site truly said: three generations of people, heads, keys, commands and receipts. */
async function trueHistory(): Promise<{
  readonly heard: readonly IncomingMessage[];
  readonly stand: SiteStand;
}> {
  const stand = await SiteStand.open();
  await stand.gate.close();
  const desk = await stand.desk();
  await desk.publishKeys(stand.site.file);
  for (const [index, id] of PEOPLE.entries()) await desk.publishRecord(person(id, index));
  await desk.publishHead();
  await desk.publishRecord(person('a', 11));
  await desk.publishTombstone('b');
  await desk.publishHead();
  await desk.publishTombstone('c');
  await desk.publishRecord(person('b', 12));
  await desk.publishHead();
  const timing = { expiresInMs: 10_000, answerWithinMs: 1 };
  for (const name of ['pulse', 'lock-down', 'release'] as const) {
    const sent = desk.sendCommand('gate-1', { name }, timing);
    await stand.settle();
    await stand.clock.advance(2);
    await sent;
  }
  const elsewhere = desk.sendCommand('gate-2', { name: 'pulse' }, timing);
  await stand.settle();
  await stand.clock.advance(2);
  await elsewhere;
  return { heard: stand.broker.log, stand };
}

const history = await trueHistory();
const commands = history.heard.filter(({ topic }) => topic === topics.gate('gate-1').command);
/** Version → whether that version is a person, as truly published. */
const published = new Map<string, Map<number, 'person' | 'tombstone'>>([
  [
    'a',
    new Map([
      [1, 'person'],
      [2, 'person'],
    ]),
  ],
  [
    'b',
    new Map([
      [1, 'person'],
      [2, 'tombstone'],
      [3, 'person'],
    ]),
  ],
  [
    'c',
    new Map([
      [1, 'person'],
      [2, 'tombstone'],
    ]),
  ],
  ['d', new Map([[1, 'person']])],
] as [string, Map<number, 'person' | 'tombstone'>][]);

/** The same kinds of messages by somebody who founded a site of the same name. */
async function forgeries(): Promise<readonly IncomingMessage[]> {
  const stand = await SiteStand.open();
  await stand.gate.close();
  const imposter = await makeSite(stand.clock, { gates: 1 });
  const root = await foundSite('harbour');
  // Even with the site's own content keys, as a stolen gate would give them away.
  const { contentKeys } = stand.site.file;
  const seat = { ...imposter.administrator, contentKeys };
  const desk = await stand.desk('administrator', { seat });
  await desk.publishKeys({ ...imposter.file, trustEpoch: 999 });
  await desk.publishKeys({ ...stand.site.file, root: root.root, trustEpoch: 999 });
  for (const id of [...PEOPLE, 'thief']) await desk.publishRecord(person(id, 66));
  await desk.publishTombstone('d');
  await desk.publishHead();
  for (const name of ['pulse', 'release'] as const) {
    const sent = desk.sendCommand('gate-1', { name }, { expiresInMs: 10_000, answerWithinMs: 1 });
    await stand.settle();
    await stand.clock.advance(2);
    await sent;
  }
  // An auditor is trusted with receipts and with nothing else.
  const auditor = await stand.desk('auditor', { seat: { ...stand.site.auditor, contentKeys } });
  for (const id of [...PEOPLE, 'thief']) await auditor.publishRecord(person(id, 67));
  await auditor.publishTombstone('d');
  await auditor.publishHead();
  const sent = auditor.sendCommand(
    'gate-1',
    { name: 'pulse' },
    { expiresInMs: 10_000, answerWithinMs: 1 },
  );
  await stand.settle();
  await stand.clock.advance(2);
  await sent;
  return stand.broker.log;
}
const forged = await forgeries();

type Trick =
  | { readonly kind: 'say'; readonly index: number; readonly isRetained: boolean }
  | { readonly kind: 'forge'; readonly index: number; readonly isRetained: boolean }
  | { readonly kind: 'misplace'; readonly index: number; readonly topic: number }
  | { readonly kind: 'flip'; readonly index: number; readonly at: number; readonly bit: number }
  | { readonly kind: 'cut'; readonly index: number; readonly share: number }
  | { readonly kind: 'noise'; readonly topic: number; readonly bytes: Uint8Array }
  | { readonly kind: 'bloat'; readonly topic: number }
  | { readonly kind: 'restart' };

const places = [
  topics.trustList,
  topics.rosterHead,
  topics.record('a'),
  topics.record('zoe'),
  topics.gate('gate-1').command,
  topics.gate('gate-1').contentKeys,
  topics.gate('gate-1').receipt,
  topics.gate('gate-2').command,
  siteTopics('elsewhere').rosterHead,
  'unheard/of',
];
const anyHeard = fc.nat(history.heard.length - 1);
const anyPlace = fc.nat(places.length - 1);
const trick: fc.Arbitrary<Trick> = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constant('say' as const),
      index: anyHeard,
      isRetained: fc.boolean(),
    }),
    weight: 8,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('forge' as const),
      index: fc.nat(forged.length - 1),
      isRetained: fc.boolean(),
    }),
    weight: 3,
  },
  fc.record({ kind: fc.constant('misplace' as const), index: anyHeard, topic: anyPlace }),
  fc.record({
    kind: fc.constant('flip' as const),
    index: anyHeard,
    at: fc.nat(),
    bit: fc.nat(7),
  }),
  fc.record({
    kind: fc.constant('cut' as const),
    index: anyHeard,
    share: fc.double({ min: 0, max: 0.99, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('noise' as const),
    topic: anyPlace,
    bytes: fc.uint8Array({ maxLength: 200 }),
  }),
  fc.record({ kind: fc.constant('bloat' as const), topic: anyPlace }),
  fc.record({ kind: fc.constant('restart' as const) }),
);

function messageOf(trick: Exclude<Trick, { kind: 'restart' }>): IncomingMessage {
  switch (trick.kind) {
    case 'say':
      return { ...history.heard[trick.index]!, isRetained: trick.isRetained };
    case 'forge':
      return { ...forged[trick.index]!, isRetained: trick.isRetained };
    case 'misplace':
      return { ...history.heard[trick.index]!, topic: places[trick.topic]!, isRetained: false };
    case 'flip': {
      const heard = history.heard[trick.index]!;
      const payload = Buffer.from(heard.payload);
      const at = trick.at % payload.length;
      payload[at] = payload[at]! ^ (1 << trick.bit);
      return { ...heard, payload, isRetained: false };
    }
    case 'cut': {
      const heard = history.heard[trick.index]!;
      const payload = heard.payload.subarray(0, Math.floor(heard.payload.length * trick.share));
      return { ...heard, payload, isRetained: false };
    }
    case 'noise':
      return { topic: places[trick.topic]!, payload: trick.bytes, isRetained: false };
    case 'bloat':
      return {
        topic: places[trick.topic]!,
        payload: Buffer.alloc(3_000_000, 'a'),
        isRetained: true,
      };
  }
}

class Victim {
  readonly #stand: SiteStand;
  readonly #versions = new Map<string, number>();
  #gate: SiteStand['gate'];

  constructor(stand: SiteStand) {
    this.#stand = stand;
    this.#gate = stand.gate;
  }

  async suffer(tricks: readonly Trick[]): Promise<void> {
    const { broker } = this.#stand;
    for (const trick of tricks) {
      const obeyed = this.#stand.orders.length;
      if (trick.kind === 'restart') {
        await this.#gate.close();
        this.#gate = await this.#stand.startGate();
      } else await broker.say(GATE, messageOf(trick));
      await this.#gate.settled();
      const isGenuine = trick.kind === 'say' || trick.kind === 'misplace' || trick.kind === 'flip';
      const mayMove = isGenuine && !(trick.kind === 'say' && trick.isRetained);
      if (!mayMove) assert.equal(this.#stand.orders.length, obeyed, `moved by ${trick.kind}`);
      this.assertUnharmed();
    }
    await this.#stand.settle();
    this.assertUnharmed();
  }

  /** Nobody is here who was not truly published at that version, and nobody's version went back. */
  assertUnharmed(): void {
    const { store, orders } = this.#stand;
    for (const { identityId, version, kind } of store.rosterMarks()) {
      assert.equal(published.get(identityId)?.get(version), kind, `${identityId} ${version}`);
      assert.ok(version >= (this.#versions.get(identityId) ?? 0), `${identityId} went back`);
      this.#versions.set(identityId, version);
      assert.equal(store.people.has(identityId), kind === 'person');
    }
    assert.deepEqual(
      [...store.people.keys()].filter((id) => !published.has(id)),
      [],
    );
    assert.ok(orders.length <= commands.length);
    const names = orders.map(({ name }) => name);
    assert.deepEqual(names, [...new Set(names)], 'an order was obeyed twice');
    // In the order of their issue: whatever is obeyed comes after what was obeyed before.
    const places = names.map((name) => ['pulse', 'lock-down', 'release'].indexOf(name));
    assert.deepEqual(
      places,
      [...places].sort((left, right) => left - right),
    );
  }

  async hearEverything(): Promise<void> {
    for (const message of history.heard) await this.#stand.broker.say(GATE, message);
    await this.#gate.settled();
    await this.#stand.settle();
  }

  get standing() {
    return this.#gate.standing();
  }

  get refusals(): number {
    return Object.values(this.#gate.refusals()).reduce((sum, count) => sum + count, 0);
  }

  close(): Promise<void> {
    return this.#gate.close();
  }
}

async function withVictim(run: (victim: Victim, stand: SiteStand) => Promise<void>): Promise<void> {
  const stand = await SiteStand.open();
  const victim = new Victim(stand);
  try {
    await run(victim, stand);
  } finally {
    await victim.close();
  }
}

describe('a gate whose broker is hostile', () => {
  it('never takes a person, a version or an order that nobody entitled has given', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(trick, { minLength: 10, maxLength: 40 }), (tricks) =>
        withVictim(async (victim, stand) => {
          await victim.suffer(tricks);
          // And nothing of it keeps the gate from the truth when the truth comes.
          await victim.hearEverything();
          victim.assertUnharmed();
          assert.deepEqual([...stand.store.people.keys()].sort(), ['a', 'b', 'd']);
          assert.equal(victim.standing, 'current');
        }),
      ),
      { numRuns: Number(HOSTILE_RUNS) },
    );
  });

  it('notices within the time set when any one message of the roster is withheld', async () => {
    const rosterTopics = new Set(PEOPLE.map((id) => topics.record(id)));
    const newest = new Map(
      history.heard
        .filter(({ topic }) => rosterTopics.has(topic))
        .map((said) => [said.topic, said]),
    );
    const head = history.heard.findLast(({ topic }) => topic === topics.rosterHead)!;
    for (const withheld of newest.keys()) {
      await withVictim(async (victim, stand) => {
        const rest = [...newest.values()].filter(({ topic }) => topic !== withheld);
        for (const message of [...rest, head]) await stand.broker.say(GATE, message);
        await stand.settle();
        await stand.clock.advance(31_000);
        // A tombstone that this gate never needed is no loss: the person was never here.
        const isNeeded = withheld !== topics.record('c');
        assert.equal(victim.standing, isNeeded ? 'incomplete' : 'current');
      });
    }
  });

  it('notices when a deletion is withheld from a gate that knows the person', async () => {
    await withVictim(async (victim, stand) => {
      const ofC = history.heard.filter(({ topic }) => topic === topics.record('c'));
      const others = history.heard.filter(({ topic }) => topic !== topics.record('c'));
      for (const message of [ofC[0]!, ...others]) await stand.broker.say(GATE, message);
      await stand.settle();
      assert.ok(stand.store.people.has('c'), 'the deletion did not come');
      await stand.clock.advance(31_000);
      assert.equal(victim.standing, 'incomplete');
    });
  });

  it('counts what it did not obey', async () => {
    await withVictim(async (victim, stand) => {
      for (const message of forged) await stand.broker.say(GATE, message);
      await stand.settle();
      assert.equal(stand.store.people.size, 0);
      assert.deepEqual(stand.orders, []);
      assert.ok(victim.refusals >= 10);
    });
  });
});
