import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type {
  CommandDocument,
  Order,
} from '../../../../src/messaging/documents/command-document.ts';
import {
  createContentKey,
  createSigningKey,
  signerOf,
} from '../../../../src/messaging/envelope/keys.ts';
import { sealForSite } from '../../../../src/messaging/envelope/sealing.ts';
import { signDocument } from '../../../../src/messaging/envelope/signing.ts';
import { addAdministrator, trustListOf } from '../../../../src/messaging/site/found-site.ts';
import { SiteStand, topics } from '../../../helpers/site-stand.ts';

const COMMAND = topics.gate('gate-1').command;
const ANSWERS = topics.answers('test-desk');
const YEAR_MS = 365 * 24 * 3_600_000;
const MODELS: Order = { name: 'models', files: [{ path: 'encoder/manifest.json', text: '{}' }] };
let nonces = 0;

/** A command as an administrator's program would send it, but for `change`. */
async function command(
  stand: SiteStand,
  change: Partial<CommandDocument> = {},
  seat = stand.site.administrator,
): Promise<string> {
  nonces += 1;
  const issuedAtMs = change.issuedAtMs ?? stand.clock.wall();
  const document = {
    schemaVersion: 1,
    kind: 'command',
    site: 'harbour',
    gateId: 'gate-1',
    nonce: String(nonces).padStart(22, 'n'),
    issuedAtMs,
    expiresAtMs: issuedAtMs + 10_000,
    order: { name: 'pulse' },
    ...change,
  };
  const signed = await signDocument('command', document, await signerOf(seat.signingKey));
  return sealForSite('command', signed, stand.site.file.contentKeys[0]!);
}

const say = (stand: SiteStand, payload: string, isRetained = false) =>
  stand.say(COMMAND, payload, {
    responseTopic: ANSWERS,
    correlation: Buffer.from('c'),
    isRetained,
  });

describe('commands of a gate', () => {
  it('are obeyed once and answered with the correlation data', async () => {
    const stand = await SiteStand.open();
    await say(stand, await command(stand));
    assert.deepEqual(stand.orders, [{ name: 'pulse' }]);
    const [answer] = stand.broker.log.filter(({ topic }) => topic === ANSWERS);
    assert.equal(Buffer.from(answer?.correlation ?? []).toString(), 'c');
    assert.equal(answer?.isRetained, false);
  });

  it('that replace models are obeyed from whoever maintains, who may open nothing', async () => {
    const stand = await SiteStand.open();
    const { file, keys } = await addAdministrator(stand.site.file, { roles: ['maintain'] });
    await stand.say(topics.trustList, await trustListOf(file, stand.clock.wall()));
    const seat = { ...stand.site.administrator, signingKey: keys.signingKey };
    await say(stand, await command(stand, { order: MODELS }, seat));
    assert.deepEqual(stand.orders, [MODELS]);
    await say(stand, await command(stand, {}, seat));
    assert.deepEqual(stand.orders, [MODELS]);
    assert.deepEqual(stand.gate.refusals(), { 'wrong-role': 1 });
  });

  it('are heard again from a desk after both its clock and the gate’s were ahead by a year', async () => {
    const stand = await SiteStand.open();
    stand.clock.stepWall(YEAR_MS);
    const ahead = await command(stand);
    await say(stand, ahead);
    assert.equal(stand.orders.length, 1);
    stand.clock.stepWall(-YEAR_MS);
    await say(stand, await command(stand));
    assert.equal(stand.orders.length, 1, 'not at once: it cannot know which came later');
    await stand.clock.advance(10_001);
    await say(stand, await command(stand));
    assert.equal(stand.orders.length, 2);
    await say(stand, ahead);
    assert.equal(stand.orders.length, 2);
  });

  it('return what the gate made of them, as seen from the desk', async () => {
    const stand = await SiteStand.open();
    const desk = await stand.desk();
    stand.result = () =>
      Promise.resolve({ outcome: 'refused', reason: 'no-face', text: 'Stand before the camera.' });
    const order = { name: 'capture-enrolment', identityId: 'p-1', timeoutMs: 5_000 } as const;
    const sent = desk.sendCommand('gate-1', order);
    await stand.settle();
    assert.deepEqual(await sent, {
      outcome: 'refused',
      reason: 'no-face',
      text: 'Stand before the camera.',
    });
    stand.result = () => Promise.reject(new Error('vision died'));
    const failing = desk.sendCommand('gate-1', { name: 'pulse' });
    await stand.settle();
    assert.equal((await failing).outcome, 'refused');
  });

  it('have no answer when the gate is away, and are not obeyed later', async () => {
    const stand = await SiteStand.open();
    const desk = await stand.desk();
    stand.broker.isForwarding = false;
    const sent = desk.sendCommand('gate-1', { name: 'pulse' });
    await stand.settle();
    await stand.clock.advance(20_000);
    assert.deepEqual(await sent, { outcome: 'no-answer' });
    const late = stand.broker.log.find(({ topic }) => topic === COMMAND)!;
    await say(stand, Buffer.from(late.payload).toString());
    assert.deepEqual(stand.orders, []);
    assert.deepEqual(stand.gate.refusals(), { expired: 1 });
  });

  const wrong: readonly (readonly [string, (stand: SiteStand) => Promise<string>])[] = [
    ['early', (stand) => command(stand, { issuedAtMs: stand.clock.wall() + 60_000 })],
    ['expired', (stand) => command(stand, { issuedAtMs: stand.clock.wall() - 10_000 })],
    [
      'expired',
      (stand) => command(stand, { expiresAtMs: stand.clock.wall() + 365 * 24 * 3600_000 }),
    ],
    ['wrong-gate', (stand) => command(stand, { gateId: 'gate-2' })],
    ['foreign-site', (stand) => command(stand, { site: 'elsewhere' })],
    ['wrong-role', (stand) => command(stand, {}, stand.site.auditor)],
    ['wrong-role', (stand) => command(stand, { order: MODELS })],
    [
      'unknown-key',
      async (stand) =>
        command(stand, {}, { ...stand.site.administrator, signingKey: await createSigningKey() }),
    ],
    [
      'unknown-content-key',
      async (stand) => {
        const signer = await signerOf(stand.site.administrator.signingKey);
        return sealForSite(
          'command',
          await signDocument('command', {}, signer),
          createContentKey(),
        );
      },
    ],
    ['wrong-schema', (stand) => command(stand, { order: { name: 'explode' } as never })],
    ['malformed', () => Promise.resolve('{"order":"pulse"}')],
    ['oversize', () => Promise.resolve('x'.repeat(1_500_000))],
  ];
  for (const [reason, make] of wrong) {
    it(`are refused as ${reason}`, async () => {
      const stand = await SiteStand.open();
      await say(stand, await make(stand));
      assert.deepEqual(stand.orders, []);
      assert.deepEqual(stand.gate.refusals(), { [reason]: 1 });
    });
  }

  it('are refused when retained, whatever they say', async () => {
    const stand = await SiteStand.open();
    await say(stand, await command(stand), true);
    assert.deepEqual(stand.orders, []);
    assert.deepEqual(stand.gate.refusals(), { retained: 1 });
  });

  it('are refused when the answer would go to a topic of the sender’s choice', async () => {
    const stand = await SiteStand.open();
    await stand.say(COMMAND, await command(stand), {
      responseTopic: topics.gate('gate-2').command,
    });
    await stand.say(COMMAND, await command(stand));
    assert.deepEqual(stand.orders, []);
    assert.deepEqual(stand.gate.refusals(), { 'no-answer-address': 2 });
  });

  it('are refused a second time, also by another process on the same store', async () => {
    const stand = await SiteStand.open();
    const payload = await command(stand);
    await say(stand, payload);
    await say(stand, payload);
    await stand.gate.close();
    const again = await stand.startGate();
    await stand.settle();
    await say(stand, payload);
    assert.equal(stand.orders.length, 1);
    assert.equal(again.refusals()['out-of-order'], 1);
  });

  it('are refused when an older one comes after a newer one of the same key', async () => {
    const stand = await SiteStand.open();
    const lockDown = await command(stand, { order: { name: 'lock-down' } });
    await stand.clock.advance(10);
    const release = await command(stand, { order: { name: 'release' } });
    await say(stand, release);
    await say(stand, lockDown);
    assert.deepEqual(stand.orders, [{ name: 'release' }]);
    assert.deepEqual(stand.gate.refusals(), { 'out-of-order': 1 });
  });

  it('are answered once more when they arrive twice, without being obeyed twice', async () => {
    const stand = await SiteStand.open();
    const payload = await command(stand);
    await say(stand, payload);
    await say(stand, payload);
    assert.equal(stand.orders.length, 1);
    assert.equal(stand.broker.log.filter(({ topic }) => topic === ANSWERS).length, 2);
  });

  it('are not obeyed when it cannot be made durable that they were', async () => {
    const stand = await SiteStand.open();
    const payload = await command(stand);
    stand.store.fault = new Error('disk full');
    await say(stand, payload);
    assert.deepEqual(stand.orders, []);
    assert.ok(stand.logger.records.some(({ fields }) => fields.event === 'site.command-failed'));
  });

  it('are dropped by number when they come as a flood', async () => {
    const stand = await SiteStand.open();
    const message = { topic: COMMAND, payload: Buffer.from('x'), isRetained: false };
    for (let count = 0; count < 1_000; count += 1) {
      void stand.broker.say('portico-harbour-gate-gate-1', message);
    }
    await stand.settle();
    const { flooded = 0 } = stand.gate.refusals();
    assert.ok(flooded > 900);
    await say(stand, await command(stand));
    assert.equal(stand.orders.length, 1, 'the flood is over and the gate obeys');
  });
});
