import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readPainter } from '../../src/art/painter-model.ts';
import { trainInFolder } from '../../src/art/training-folder.ts';
import { SMALL_PLAN, smallTraining } from '../helpers/small-training.ts';

const trainer = fileURLToPath(new URL('./painter-trainer.js', import.meta.url));

/** @returns the steps it told of, before it was killed or ended by itself */
async function trainUntil(folder: string, killAfterSteps: number): Promise<readonly number[]> {
  const child = spawn(process.execPath, [trainer, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const steps: number[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    steps.push(...text.split('\n').filter(Boolean).map(Number));
    if (steps.length >= killAfterSteps) child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.once('close', resolve));
  return steps;
}

describe('a training whose process is killed', () => {
  it('goes on from a checkpoint to the very painter that it would have made', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'portico-kill-'));
    try {
      let reached = 0;
      for (const killAfterSteps of [8, 17, 11]) {
        const steps = await trainUntil(folder, killAfterSteps);
        assert.ok((steps[0] ?? 0) <= reached + 1, 'no step is left out');
        assert.ok((steps[0] ?? 0) > reached - 5, 'no more is lost than since the last checkpoint');
        reached = steps.at(-1) ?? 0;
      }
      await trainUntil(folder, Number.POSITIVE_INFINITY);
      const undisturbed = join(folder, 'undisturbed');
      const { steps } = await trainInFolder(await smallTraining(undisturbed));
      assert.equal(steps, SMALL_PLAN.steps);
      assert.deepEqual(readPainter(folder).parameters, readPainter(undisturbed).parameters);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
