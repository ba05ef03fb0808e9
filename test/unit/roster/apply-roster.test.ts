import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  applyRoster,
  type RosterMessage,
  type RosterVerdict,
} from '../../../src/roster/apply-roster.ts';
import {
  encodeVector,
  type RosterHead,
  type RosterRecord,
} from '../../../src/roster/roster-documents.ts';
import { RosterLedger } from '../../../src/roster/roster-ledger.ts';
import { ENCODER } from '../../helpers/site-fixture.ts';
import { unitVector } from '../../helpers/store-data.ts';

const personRecord = (version: number, change: Partial<RosterRecord> = {}): RosterRecord =>
  ({
    schemaVersion: 1,
    site: 'harbour',
    issuedAtMs: 1,
    kind: 'person',
    version,
    identityId: 'p-1',
    name: 'Ada',
    templates: [
      {
        templateId: `t-${version}`,
        modelId: ENCODER.modelId,
        enrolledAtMs: 1,
        embedding: encodeVector(unitVector(version, ENCODER.dimension)),
      },
    ],
    ...change,
  }) as RosterRecord;
const tombstone = (version: number): RosterRecord => ({
  schemaVersion: 1,
  site: 'harbour',
  issuedAtMs: 1,
  kind: 'tombstone',
  version,
  identityId: 'p-1',
});
const head = (epoch: number, change: Partial<RosterHead> = {}): RosterHead => ({
  schemaVersion: 1,
  site: 'harbour',
  issuedAtMs: 1,
  kind: 'head',
  epoch,
  count: 0,
  setHash: 'A'.repeat(43),
  validUntilMs: 10,
  ...change,
});
const message = (
  document: RosterRecord | RosterHead,
  change: Partial<RosterMessage> = {},
): RosterMessage => ({
  document,
  digest: `digest-${JSON.stringify(document).length}`,
  isSignerEntitled: true,
  ...change,
});
const emptyLedger = (): RosterLedger =>
  new RosterLedger({
    site: 'harbour',
    encoders: [ENCODER],
    head: undefined,
    minimumEpoch: 0,
    marks: [],
  });

function take(ledger: RosterLedger, what: RosterMessage): RosterVerdict {
  const verdict = applyRoster(ledger, what);
  if (verdict.outcome === 'record') ledger.note(verdict.change.mark);
  if (verdict.outcome === 'head') ledger.noteHead(verdict.head);
  return verdict;
}

const reasonOf = (verdict: RosterVerdict): string =>
  verdict.outcome === 'refused' ? verdict.reason : verdict.outcome;

describe('applyRoster', () => {
  it('takes a person, a change of the person, and the deletion', () => {
    const ledger = emptyLedger();
    for (const document of [personRecord(1), personRecord(2), tombstone(3)]) {
      assert.equal(reasonOf(take(ledger, message(document))), 'record');
    }
    assert.equal(ledger.count, 0);
  });

  it('refuses an older record, after a deletion too', () => {
    const ledger = emptyLedger();
    take(ledger, message(tombstone(3)));
    assert.equal(reasonOf(applyRoster(ledger, message(personRecord(2)))), 'rollback');
  });

  it('knows a record that it has taken, and changes nothing', () => {
    const ledger = emptyLedger();
    take(ledger, message(personRecord(1)));
    assert.equal(reasonOf(applyRoster(ledger, message(personRecord(1)))), 'known');
  });

  it('refuses another record of the same version', () => {
    const ledger = emptyLedger();
    take(ledger, message(personRecord(1)));
    const other = message(personRecord(1), { digest: 'other' });
    assert.equal(reasonOf(applyRoster(ledger, other)), 'conflicting-version');
  });

  it('takes the same version once more after its digest was forgotten, but not as another kind', () => {
    const mark = {
      identityId: 'p-1',
      kind: 'tombstone',
      version: 1,
      digest: '',
      isVouchedFor: true,
    } as const;
    const ledger = emptyLedger();
    ledger.note(mark);
    assert.equal(reasonOf(applyRoster(ledger, message(tombstone(1)))), 'record');
    assert.equal(reasonOf(applyRoster(ledger, message(personRecord(1)))), 'conflicting-version');
  });

  it('refuses what is meant for another site or signed by somebody without the role', () => {
    const ledger = emptyLedger();
    const foreign = message(personRecord(1, { site: 'elsewhere' }));
    assert.equal(reasonOf(applyRoster(ledger, foreign)), 'foreign-site');
    const unentitled = message(personRecord(1), { isSignerEntitled: false });
    assert.equal(reasonOf(applyRoster(ledger, unentitled)), 'wrong-role');
    const head1 = message(head(1), { isSignerEntitled: false });
    assert.equal(reasonOf(applyRoster(ledger, head1)), 'wrong-role');
  });

  it('leaves templates of other encoders aside and counts them', () => {
    const record = personRecord(1);
    assert.ok(record.kind === 'person');
    const [template] = record.templates;
    const foreign = { ...template!, templateId: 'x', modelId: 'encoder-z' };
    const short = { ...template!, templateId: 'y', embedding: encodeVector(unitVector(1, 32)) };
    const mixed = { ...record, templates: [...record.templates, foreign, short] };
    const verdict = applyRoster(emptyLedger(), message(mixed));
    assert.ok(verdict.outcome === 'record' && verdict.change.kind === 'person');
    assert.equal(verdict.ignoredTemplates, 2);
    assert.equal(verdict.change.person.templates.length, 1);
  });

  it('refuses vectors that are not unit vectors, and one template id twice', () => {
    const record = personRecord(1);
    assert.ok(record.kind === 'person');
    const [template] = record.templates;
    const zero = encodeVector(new Float32Array(ENCODER.dimension));
    const hole = encodeVector(new Float32Array(ENCODER.dimension).fill(Number.NaN));
    for (const embedding of [zero, hole, 'AAAA', 'A']) {
      const wrong: RosterRecord = { ...record, templates: [{ ...template!, embedding }] };
      assert.equal(reasonOf(applyRoster(emptyLedger(), message(wrong))), 'malformed-template');
    }
    const twice = { ...record, templates: [template!, template!] };
    assert.equal(reasonOf(applyRoster(emptyLedger(), message(twice))), 'malformed-template');
  });

  it('follows heads upwards only', () => {
    const ledger = emptyLedger();
    assert.equal(reasonOf(take(ledger, message(head(2)))), 'head');
    assert.equal(reasonOf(take(ledger, message(head(1)))), 'rollback');
    assert.equal(reasonOf(take(ledger, message(head(2)))), 'known');
    assert.equal(reasonOf(take(ledger, message(head(2, { count: 1 })))), 'conflicting-head');
    assert.equal(
      reasonOf(take(ledger, message(head(2, { validUntilMs: 99 })))),
      'conflicting-head',
    );
    assert.equal(reasonOf(take(ledger, message(head(5)))), 'head');
  });

  it('refuses a first head older than the one in force when the gate was provisioned', () => {
    const ledger = new RosterLedger({
      site: 'harbour',
      encoders: [],
      head: undefined,
      minimumEpoch: 7,
      marks: [],
    });
    assert.equal(reasonOf(applyRoster(ledger, message(head(6)))), 'rollback');
    assert.equal(reasonOf(applyRoster(ledger, message(head(7)))), 'head');
  });
});
