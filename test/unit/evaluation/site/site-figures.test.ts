import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { estimateFleet } from '../../../../src/evaluation/site/fleet-arithmetic.ts';
import { madeUpPerson, probeOf } from '../../../../src/evaluation/site/made-up-roster.ts';
import { spreadOf } from '../../../../src/evaluation/site/spread.ts';
import { trustListSchema } from '../../../../src/messaging/site/trust-list.ts';
import { PROTOCOL_EXAMPLES } from '../../../helpers/protocol-examples.ts';

const COST = {
  brokerCpuMsPerConnection: 2,
  brokerCpuMsPerDelivery: 0.1,
  brokerBytesPerConnection: 30_000,
  gateCpuMsPerRecord: 1.5,
  recordBytes: 6_000,
};
const cosine = (left: Float32Array, right: Float32Array): number =>
  left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);
const templateOf = (index: number): Float32Array => madeUpPerson(index).templates[0]!.embedding;

describe('spreadOf', () => {
  it('gives values that occurred', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    assert.deepEqual(spreadOf(values), { count: 100, p50: 50, p95: 95, max: 100 });
    assert.deepEqual(spreadOf([7]), { count: 1, p50: 7, p95: 7, max: 7 });
  });
});

describe('estimateFleet', () => {
  it('multiplies what was measured', () => {
    const estimate = estimateFleet({ gates: 10_000, people: 10_000 }, COST);
    assert.deepEqual(estimate, {
      gates: 10_000,
      people: 10_000,
      sites: 7,
      connectionsMegabytes: 300,
      idleLoad: 0.1,
      returnSeconds: 20,
      changeSeconds: 2,
      changeMegabytes: 65,
      fillSeconds: 10_000,
      fillGigabytes: 600,
      gateFillSeconds: 15,
    });
  });

  it('counts as many gates to a site as a trust list can name', () => {
    const example = trustListSchema.parse(PROTOCOL_EXAMPLES['trust-list']);
    const [gate] = example.gates;
    const listOf = (count: number) =>
      trustListSchema.safeParse({
        ...example,
        gates: Array.from({ length: count }, () => gate),
      }).success;
    const most = 10_000 / estimateFleet({ gates: 10_000, people: 1 }, COST).sites;
    assert.ok(listOf(Math.ceil(most)));
    assert.equal(estimateFleet({ gates: 1_500, people: 1 }, COST).sites, 1);
    assert.ok(listOf(1_500));
    assert.equal(listOf(1_501), false);
  });
});

describe('made-up people', () => {
  it('look like themselves and like nobody else', () => {
    for (let index = 0; index < 50; index += 1) {
      assert.ok(cosine(probeOf(index), templateOf(index)) > 0.7);
      assert.ok(Math.abs(cosine(probeOf(index), templateOf(index + 1))) < 0.3);
    }
  });

  it('have ids of which nothing of theirs can be read', () => {
    const { identity } = madeUpPerson(3);
    assert.match(identity.identityId, /^p-[0-9a-f]{16}$/);
    assert.ok(identity.name.length > 20);
  });
});
