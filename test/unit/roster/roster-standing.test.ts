import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import type { RosterMark } from '../../../src/domain/roster.ts';
import { monotonicMs, wallMs } from '../../../src/domain/units.ts';
import type { RosterHead } from '../../../src/roster/roster-documents.ts';
import { RosterLedger } from '../../../src/roster/roster-ledger.ts';
import { rosterStanding, rosterTrust } from '../../../src/roster/roster-standing.ts';
import { rosterSet } from '../../../src/roster/set-hash.ts';

const mark = (identityId: string, version: number, kind: RosterMark['kind'] = 'person') =>
  ({ identityId, version, kind, digest: 'd', isVouchedFor: false }) satisfies RosterMark;
const headOver = (marks: readonly RosterMark[]): RosterHead => ({
  schemaVersion: 1,
  site: 'harbour',
  issuedAtMs: 0,
  kind: 'head',
  epoch: 1,
  ...rosterSet(marks),
  validUntilMs: 1_000_000,
});

describe('rosterSet', () => {
  it('hashes id and version of each person, sorted, without the deleted', () => {
    // By hand: SHA-256 of "a 2\nb 1\n".
    const setHash = createHash('sha256').update('a 2\nb 1\n').digest('base64url');
    const marks = [mark('b', 1), mark('c', 9, 'tombstone'), mark('a', 2)];
    assert.deepEqual(rosterSet(marks), { count: 2, setHash });
  });

  it('sorts by code units, so that every implementation agrees', () => {
    const setHash = createHash('sha256').update('B 1\na 1\n').digest('base64url');
    assert.equal(rosterSet([mark('a', 1), mark('B', 1)]).setHash, setHash);
  });
});

describe('RosterLedger', () => {
  it('matches its head only with every person at the right version', () => {
    const wanted = [mark('a', 2), mark('b', 1)];
    const ledger = new RosterLedger({
      site: 'harbour',
      encoders: [],
      head: headOver(wanted),
      minimumEpoch: 0,
      marks: [mark('a', 1)],
    });
    assert.equal(ledger.matchesHead(), false);
    ledger.note(mark('b', 1));
    assert.equal(ledger.matchesHead(), false, 'a is still at version 1');
    ledger.note(mark('a', 2));
    assert.equal(ledger.matchesHead(), true);
    ledger.note(mark('b', 2, 'tombstone'));
    assert.equal(ledger.matchesHead(), false);
  });

  it('vouches for what a complete head covered and for nothing that came since', () => {
    const ledger = new RosterLedger({
      site: 'harbour',
      encoders: [],
      head: undefined,
      minimumEpoch: 0,
      marks: [mark('a', 1)],
    });
    assert.equal(ledger.isVouchedFor('a'), false);
    ledger.vouch();
    ledger.note(mark('b', 1));
    assert.equal(ledger.isVouchedFor('a'), true);
    assert.equal(ledger.isVouchedFor('b'), false);
    assert.equal(ledger.isVouchedFor('enrolled-here-by-hand'), true);
  });
});

describe('rosterStanding', () => {
  const head = headOver([]);
  const evidence = {
    head,
    matchesHead: true,
    differsSinceMs: monotonicMs(0),
    missingAtFirst: 0,
    now: monotonicMs(0),
    wall: wallMs(0),
  };
  const policy = { incompleteAfterMs: 100, perMissingPersonMs: 10, expireAfterMs: 5_000 };
  const cases = [
    ['unheaded', { head: undefined }, 'everybody'],
    ['current', {}, 'everybody'],
    ['catching-up', { matchesHead: false, now: monotonicMs(99) }, 'everybody'],
    ['incomplete', { matchesHead: false, now: monotonicMs(100) }, 'people-known-before'],
    ['stale', { wall: wallMs(1_000_000) }, 'people-known-before'],
    ['stale', { wall: wallMs(1_000_000), matchesHead: false }, 'people-known-before'],
    ['expired', { wall: wallMs(1_005_000) }, 'nobody'],
    ['expired', { wall: wallMs(1_005_000), matchesHead: false }, 'nobody'],
  ] as const;
  for (const [standing, change, trust] of cases) {
    it(`is ${standing} for ${JSON.stringify(Object.keys(change))} and admits ${trust}`, () => {
      assert.equal(rosterStanding({ ...evidence, ...change }, policy), standing);
      assert.equal(rosterTrust(standing), trust);
    });
  }

  it('is given more time for more people that are missing', () => {
    const late = { ...evidence, matchesHead: false, now: monotonicMs(599), missingAtFirst: 50 };
    assert.equal(rosterStanding(late, policy), 'catching-up');
    assert.equal(rosterStanding({ ...late, now: monotonicMs(600) }, policy), 'incomplete');
  });

  it('never expires unless the policy says so', () => {
    const late = { ...evidence, wall: wallMs(8e15) };
    assert.equal(rosterStanding(late), 'stale');
  });
});
