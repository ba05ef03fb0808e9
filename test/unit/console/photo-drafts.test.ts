import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PhotoDrafts } from '../../../src/console/photo-drafts.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { unitVector } from '../../helpers/store-data.ts';

const sample = (seed: number) => [{ modelId: 'encoder-a', embedding: unitVector(seed, 8) }];

describe('what was read from photographs', () => {
  it('is found under a name of its own, until it is used', () => {
    const drafts = new PhotoDrafts(new FakeClock());
    const [one, two] = [drafts.keep(sample(1)), drafts.keep(sample(2))];
    assert.deepEqual(drafts.find(one), sample(1));
    drafts.forget([one]);
    assert.equal(drafts.find(one), undefined);
    assert.deepEqual(drafts.find(two), sample(2));
  });

  it('is forgotten after a quarter of an hour', async () => {
    const clock = new FakeClock();
    const drafts = new PhotoDrafts(clock);
    const draftId = drafts.keep(sample(1));
    await clock.advance(15 * 60_000 - 1);
    assert.notEqual(drafts.find(draftId), undefined);
    await clock.advance(1);
    assert.equal(drafts.find(draftId), undefined);
  });

  it('never fills the memory: the oldest goes first', () => {
    const drafts = new PhotoDrafts(new FakeClock());
    const ids = Array.from({ length: 70 }, (_, seed) => drafts.keep(sample(seed)));
    const kept = ids.filter((draftId) => drafts.find(draftId) !== undefined);
    assert.deepEqual(kept, ids.slice(-64));
  });
});
