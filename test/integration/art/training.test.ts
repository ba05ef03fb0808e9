import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { FastPainter } from '../../../src/art/fast-painter.ts';
import { readPainter } from '../../../src/art/painter-model.ts';
import type { TrainingStep } from '../../../src/art/train-painter.ts';
import { trainInFolder } from '../../../src/art/training-folder.ts';
import { openOnOneThread, SMALL_PLAN, smallTraining } from '../../helpers/small-training.ts';

const meanCost = (steps: readonly TrainingStep[]) =>
  steps.reduce((sum, { cost }) => sum + cost, 0) / steps.length;

describe('training a painter on ONNX Runtime', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portico-training-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('brings the cost down and leaves a painter whose styles differ', async () => {
    const steps: TrainingStep[] = [];
    const options = await smallTraining(folder);
    await trainInFolder({ ...options, onStep: (step) => void steps.push(step) });
    assert.ok(meanCost(steps.slice(-10)) < meanCost(steps.slice(0, 10)) / 2);
    assert.deepEqual(await readdir(join(folder, 'samples')), [
      ...['000020.jpg', '000040.jpg', '000060.jpg'],
    ]);
    const painter = await FastPainter.open(readPainter(folder), {
      open: openOnOneThread,
      size: { widthPx: 24, heightPx: 24 },
    });
    const grey = new Uint8Array(3 * 26 * 22).map((_, index) => (index * 7) % 256);
    const levelOf = async (...weights: number[]) => {
      const painted = await painter.paint(grey, 26, 22, Float32Array.from(weights));
      return painted.reduce((sum, value) => sum + value, 0) / painted.length;
    };
    const [dark, between, bright] = [await levelOf(1, 0), await levelOf(1, 1), await levelOf(0, 1)];
    await painter.close();
    assert.ok(dark + 2 < bright, `${dark}, ${bright}`);
    assert.ok(dark < between && between < bright, `${dark}, ${between}, ${bright}`);
  });

  it('refuses weights that are not those of the description', async () => {
    const options = await smallTraining(folder);
    await trainInFolder({ ...options, plan: { ...SMALL_PLAN, steps: 2 } });
    const file = join(folder, 'painter.onnx');
    const onnx = await readFile(file);
    await writeFile(file, onnx.fill(0, onnx.length - 20));
    assert.throws(() => readPainter(folder), { code: 'PORTICO_MODEL_INTEGRITY' });
    await rm(file);
    assert.throws(() => readPainter(folder), { code: 'PORTICO_MODEL_MISSING' });
    await writeFile(join(folder, 'painter.json'), '{}');
    assert.throws(() => readPainter(folder), { code: 'PORTICO_MODEL_MANIFEST' });
  });
});
