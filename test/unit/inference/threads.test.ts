import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import {
  describeThreads,
  fewestFastThreads,
  threadCandidates,
} from '../../../src/inference/thread-choice.ts';
import { chooseThreads, measureRuns } from '../../../src/inference/thread-probe.ts';

/** A network whose runs last as long as told, on a clock of its own. */
class TimedNet {
  nowMs = 0;
  opened = 0;
  open = 0;
  readonly #msOf: (threads: number) => number;

  constructor(msOf: (threads: number) => number) {
    this.#msOf = msOf;
  }

  readonly withThreads = async (threads: number) => {
    this.opened += 1;
    this.open += 1;
    return {
      run: async () => {
        this.nowMs += this.#msOf(threads);
      },
      close: async () => {
        this.open -= 1;
      },
    };
  };
}

describe('the number of threads of a network', () => {
  it('is the smallest that is nearly as fast as any', () => {
    assert.equal(fewestFastThreads({ 1: 10, 2: 6, 4: 5.8 }), 2);
    assert.equal(fewestFastThreads({ 1: 3, 2: 3.4 }), 1);
    assert.equal(fewestFastThreads({ 1: 3, 2: 2.9 }), 1);
    assert.equal(fewestFastThreads({ 1: 20, 2: 11, 4: 6, 6: 5 }), 6);
  });

  it('is sought among doublings and all cores', () => {
    assert.deepEqual(threadCandidates(1), [1]);
    assert.deepEqual(threadCandidates(2), [1, 2]);
    assert.deepEqual(threadCandidates(6), [1, 2, 4, 6]);
  });

  it('is said with what it rests on', () => {
    assert.equal(describeThreads({ threads: 3, because: 'configured' }), '3, configured');
    assert.equal(
      describeThreads({ threads: 1, because: 'measured', runMs: { 1: 3, 2: 3.417 } }),
      '1, measured (1: 3.00 ms, 2: 3.42 ms)',
    );
  });
});

describe('measureRuns', () => {
  it('tells how long a run takes with each number of threads, and leaves nothing open', async () => {
    const net = new TimedNet((threads) => 12 / threads);
    assert.deepEqual(await measureRuns(net.withThreads, [1, 2, 4], () => net.nowMs), {
      1: 12,
      2: 6,
      4: 3,
    });
    assert.equal(net.open, 0);
  });

  it('does not keep a door waiting for a slow network', async () => {
    const net = new TimedNet(() => 400);
    const runMs = await measureRuns(net.withThreads, [1, 2], () => net.nowMs);
    assert.deepEqual(runMs, { 1: 400, 2: 400 });
    assert.ok(net.nowMs <= 6 * 400, 'warm-up and one round');
  });

  it('closes what it opened when a run fails', async () => {
    const net = new TimedNet(() => {
      throw new Error('out of memory');
    });
    await assert.rejects(
      measureRuns(net.withThreads, [1, 2], () => 0),
      /out of memory/,
    );
    assert.equal(net.open, 0);
  });
});

describe('chooseThreads', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-threads-'));
  after(() => rmSync(folder, { recursive: true }));
  const net = new TimedNet(() => 1);

  it('takes the configuration at its word', async () => {
    const choice = await chooseThreads(3, { sha256: 'a', open: net.withThreads });
    assert.deepEqual(choice, { threads: 3, because: 'configured' });
    assert.equal(net.opened, 0);
  });

  it('measures each file once on a machine', async () => {
    const policy = { rememberedIn: join(folder, 'new', 'threads.json') };
    const choose = (sha256: string) => chooseThreads(policy, { sha256, open: net.withThreads });
    assert.equal((await choose('a')).because, 'measured');
    const { opened } = net;
    assert.equal((await choose('a')).because, 'remembered');
    assert.equal(net.opened, opened);
    assert.equal((await choose('b')).because, 'measured');
    assert.equal((await choose('a')).because, 'remembered');
  });

  it('believes no other machine, and no damaged file', async () => {
    const file = join(folder, 'threads.json');
    for (const text of [
      JSON.stringify({ machine: 'another', runMs: { a: { 1: 5, 2: 1 } } }),
      '{"machine":',
    ]) {
      writeFileSync(file, text);
      const policy = { rememberedIn: file };
      const choice = await chooseThreads(policy, { sha256: 'a', open: net.withThreads });
      assert.equal(choice.because, 'measured');
    }
  });

  it('chooses where nothing can be remembered', async () => {
    writeFileSync(join(folder, 'no-folder'), '');
    const policy = { rememberedIn: join(folder, 'no-folder', 'threads.json') };
    const choice = await chooseThreads(policy, { sha256: 'a', open: net.withThreads });
    assert.equal(choice.because, 'measured');
  });
});
