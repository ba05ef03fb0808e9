import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { heldStill } from '../../bench/held-still.ts';

const stateOf = (pid: number): string | undefined =>
  /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];

describe('a process held still', () => {
  it('is stopped meanwhile, and goes on afterwards', async () => {
    const child = spawn('cat', { stdio: ['pipe', 'pipe', 'ignore'] });
    const { pid } = child;
    assert.ok(pid !== undefined);
    assert.equal(await heldStill(pid, () => stateOf(pid)), 'T');
    child.stdin.end('on');
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    assert.equal(said.toString(), 'on');
  });

  it('goes on although the task has failed', async () => {
    const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
    assert.ok(child.pid !== undefined);
    const failing = heldStill(child.pid, () => {
      throw new Error('no room');
    });
    await assert.rejects(failing, /no room/);
    child.stdin.end();
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });
});
