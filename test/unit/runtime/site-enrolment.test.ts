import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { SubjectObservation } from '../../../src/domain/observation.ts';
import type { Order } from '../../../src/messaging/documents/command-document.ts';
import type { SiteDesk } from '../../../src/messaging/seat/site-desk.ts';
import { decodeVector } from '../../../src/roster/roster-documents.ts';
import { ACCEPTABLE, METRICS, MODEL_ID } from '../../helpers/decision-builders.ts';
import { FACES } from '../../helpers/gate-stand.ts';
import { SiteGateStand } from '../../helpers/site-gate-stand.ts';

const TIMEOUT_MS = 10_000;
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0]).toString('base64url');
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]).toString('base64url');

describe('enrolment at a gate', () => {
  let site: SiteGateStand;
  let desk: SiteDesk;
  beforeEach(async () => {
    site = new SiteGateStand();
    await site.start();
    desk = await site.desk();
  });
  afterEach(() => site.close());

  /** Orders a capture, lets `happen` happen before the camera, and returns the answer. */
  const capture = async (happen: () => Promise<void>) => {
    const order: Order = { name: 'capture-enrolment', identityId: 'p-1', timeoutMs: TIMEOUT_MS };
    const timing = { expiresInMs: 15_000, answerWithinMs: 60_000 };
    const answer = desk.sendCommand('gate-1', order, timing);
    await site.settle();
    await happen();
    return await site.answered(answer);
  };
  const standing = (changes: Partial<SubjectObservation> = {}) =>
    capture(async () => {
      await site.stand.visit('stranger', 110, changes);
    });
  const reasonOf = ({ outcome, ...rest }: Awaited<ReturnType<typeof capture>>): unknown =>
    outcome === 'refused' && 'reason' in rest ? rest.reason : outcome;

  it('takes in a person whom nobody knows yet, and opens for nobody by it', async () => {
    const answer = await capture(() => site.stand.visit('stranger', 12));
    assert.ok(answer.outcome === 'done' && answer.samples?.length === 3);
    for (const { modelId, embedding } of answer.samples) {
      assert.equal(modelId, MODEL_ID);
      assert.deepEqual(decodeVector(embedding), FACES.stranger);
    }
    await site.stand.visit(undefined, 30);
    assert.equal(site.stand.relay.pulses, 0);
    assert.ok(!site.stand.types().includes('access.denied'));
    const modes = new Set(site.stand.shown.map(({ mode }) => mode));
    assert.ok(!modes.has('refused'), 'the page turns nobody away who is being enrolled');
  });

  it('is over soon after its answer: a stranger is a stranger again', async () => {
    await capture(() => site.stand.visit('stranger', 12));
    await site.stand.visit('stranger', 100);
    assert.equal(site.stand.page?.mode, 'checking', 'the administrator has time to sign');
    await site.stand.visit('stranger', 100);
    assert.equal(site.stand.page?.mode, 'refused');
  });

  it('opens for whoever was taken in as soon as the record is signed', async () => {
    await capture(() => site.stand.visit('stranger', 12));
    await desk.publishRecord(site.person('stranger'));
    await site.settle();
    await site.stand.visit('stranger', 5);
    assert.equal(site.stand.relay.pulses, 1);
    assert.equal(site.stand.page?.mode, 'welcome');
  });

  it('lets a known person in as always while somebody is to be enrolled', async () => {
    await capture(() => site.stand.visit('resident', 12));
    assert.equal(site.stand.relay.pulses, 1);
  });

  it('asks for a proof of life as it would ask somebody known', async () => {
    const due = { outcome: 'undecided', logLikelihoodRatio: 0, challengeDue: true } as const;
    const answer = await standing({ liveness: due });
    assert.equal(site.stand.asked.length > 0, true);
    assert.equal(reasonOf(answer), 'challenge-failed');
  });

  it('takes in no picture of a person', async () => {
    const answer = await standing({ liveness: { outcome: 'attack', logLikelihoodRatio: -9 } });
    assert.equal(reasonOf(answer), 'attack-suspected');
  });

  it('says what was wrong with the face', async () => {
    const quality = { outcome: 'refused', metrics: METRICS, faults: ['too-dark'] } as const;
    assert.equal(reasonOf(await standing({ quality, probes: [] })), 'too-dark');
  });

  it('says that nobody came', async () => {
    const answer = await capture(() => site.stand.visit(undefined, 110));
    assert.equal(reasonOf(answer), 'no-subject');
  });

  it('begins anew when another person steps in front', async () => {
    const answer = await capture(async () => {
      await site.stand.visit('stranger', 5, { quality: ACCEPTABLE });
      await site.stand.visit('neighbour', 2, { trackId: 8, quality: ACCEPTABLE });
      await site.stand.visit('stranger', 12, { trackId: 9, quality: ACCEPTABLE });
    });
    assert.ok(answer.outcome === 'done');
    for (const { embedding } of answer.samples ?? []) {
      assert.deepEqual(decodeVector(embedding), FACES.stranger);
    }
  });

  it('takes in one person at a time', async () => {
    let second: unknown;
    await capture(async () => {
      const order: Order = { name: 'capture-enrolment', identityId: 'p-2', timeoutMs: TIMEOUT_MS };
      second = reasonOf(await site.order(desk, order));
      await site.stand.visit('stranger', 12);
    });
    assert.equal(second, 'busy');
  });

  it('ends with the gate', async () => {
    const order: Order = { name: 'capture-enrolment', identityId: 'p-1', timeoutMs: 120_000 };
    const { clock, gate } = site.stand;
    const before = clock.pendingTimers;
    const timing = { expiresInMs: 15_000, answerWithinMs: 60_000 };
    const answer = desk.sendCommand('gate-1', order, timing);
    await site.settle();
    await gate?.site?.close();
    // The link's own two are gone and the desk's waiting has come: the capture's would make it as many.
    assert.ok(clock.pendingTimers < before, `${clock.pendingTimers} timers, ${before} before`);
    await clock.advance(60_000);
    assert.deepEqual(await answer, { outcome: 'no-answer' });
  });

  const encode = (photo: string) =>
    site.order(desk, { name: 'encode-photo', identityId: 'p-1', photo });

  it('makes samples of a photograph that was sent', async () => {
    const embeddings = [{ modelId: MODEL_ID, embedding: FACES.stranger }];
    site.reading = { outcome: 'read', faceCount: 1, face: { quality: ACCEPTABLE, embeddings } };
    for (const photo of [JPEG, PNG]) {
      const answer = await encode(photo);
      assert.ok(answer.outcome === 'done' && answer.samples?.length === 1);
    }
  });

  it('says what is wrong with a photograph', async () => {
    const quality = { outcome: 'refused', metrics: METRICS, faults: ['blurred'] } as const;
    const face = { quality, embeddings: [] };
    const cases = [
      ['unreadable', { outcome: 'unreadable' }],
      ['no-face', { outcome: 'read', faceCount: 0, face: undefined }],
      ['several-faces', { outcome: 'read', faceCount: 2, face }],
      ['blurred', { outcome: 'read', faceCount: 1, face }],
    ] as const;
    for (const [reason, reading] of cases) {
      site.reading = reading;
      assert.equal(reasonOf(await encode(JPEG)), reason);
    }
  });

  it('decodes nothing but JPEG and PNG', async () => {
    const embeddings = [{ modelId: MODEL_ID, embedding: FACES.stranger }];
    site.reading = { outcome: 'read', faceCount: 1, face: { quality: ACCEPTABLE, embeddings } };
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64url');
    assert.equal(reasonOf(await encode(svg)), 'unreadable');
  });
});
