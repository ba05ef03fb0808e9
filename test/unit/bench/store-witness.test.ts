import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after as afterAll, beforeEach, describe, it } from 'node:test';
import { StoreWitness } from '../../bench/store-witness.ts';
import { after, EMPTY_MODEL, modelText, type StoreChange } from '../../fault/store-model.ts';

const changes: readonly StoreChange[] = [1, 2, 3, 4].map((seed) => ({
  kind: 'enrol',
  identityId: `p-${seed}`,
  seed,
}));
const textAfter = (count: number): string =>
  modelText(changes.slice(0, count).reduce(after, EMPTY_MODEL));

const folder = mkdtempSync(join(tmpdir(), 'portico-witness-'));
afterAll(() => rmSync(folder, { recursive: true }));
const log = join(folder, 'writer.log');
const say = (message: unknown): void => appendFileSync(log, `${JSON.stringify(message)}\n`);

describe('the witness of a store', () => {
  beforeEach(() => writeFileSync(log, ''));

  it('takes the change under way wholly or not at all', () => {
    const witness = new StoreWitness(log);
    say(changes[0]);
    say('done');
    say(changes[1]);
    witness.compare(textAfter(1), witness.heardBytes);
    witness.compare(textAfter(2), witness.heardBytes);
    assert.equal(witness.acknowledged, 1);
  });

  it('misses a change that had been acknowledged at the cut', () => {
    const witness = new StoreWitness(log);
    for (const change of changes.slice(0, 2)) {
      say(change);
      say('done');
    }
    assert.throws(() => witness.compare(textAfter(1), witness.heardBytes), /acknowledged/);
  });

  it('does not ask for what was acknowledged after the cut', () => {
    const witness = new StoreWitness(log);
    say(changes[0]);
    say('done');
    const cutBytes = witness.heardBytes;
    for (const change of changes.slice(1)) {
      say(change);
      say('done');
    }
    for (const count of [1, 2, 3]) witness.compare(textAfter(count), cutBytes);
    assert.throws(() => witness.compare(textAfter(0), cutBytes), /acknowledged/);
    assert.throws(() => witness.compare(textAfter(4), cutBytes), /acknowledged/);
  });
});
