import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { readCheckpoint, requestKey, writeCheckpoint } from '../../../src/art/checkpoint-file.ts';
import type { PaintCheckpoint } from '../../../src/art/paint.ts';
import { PAINT_DEFAULTS, type PaintRequest } from '../../../src/art/paint-request.ts';

const costs = { cost: 1.5, contentCost: 0.5, styleCost: 0.01, totalVariation: 0.002 };
const checkpoint: PaintCheckpoint = {
  level: 1,
  step: 20,
  picture: { widthPx: 2, heightPx: 1, planes: Float32Array.of(0, 0.1, 0.2, 0.3, 0.4, 1) },
  curve: [{ level: 0, step: 0, ...costs }],
};
const picture = (value: number) => ({
  widthPx: 2,
  heightPx: 2,
  planes: new Float32Array(12).fill(value),
});
const request: PaintRequest = {
  content: picture(0.1),
  styles: [{ picture: picture(0.2), share: 1 }],
  settings: PAINT_DEFAULTS,
};

describe('a painting in work', () => {
  let folder = '';
  const file = () => join(folder, 'a.painting');
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'portico-painting-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is read back as it was written', async () => {
    await writeCheckpoint(file(), 'key', checkpoint);
    assert.deepEqual(await readCheckpoint(file(), 'key'), { kind: 'found', checkpoint });
    await writeCheckpoint(file(), 'key', { ...checkpoint, step: 40 });
    assert.deepEqual(readdirSync(folder), ['a.painting'], 'nothing is left beside it');
  });

  it('is not taken for one of another request', async () => {
    await writeCheckpoint(file(), requestKey(request), checkpoint);
    const others: readonly PaintRequest[] = [
      { ...request, content: picture(0.11) },
      { ...request, styles: [{ picture: picture(0.2), share: 2 }] },
      { ...request, mask: Float32Array.of(1, 1, 1, 0) },
      { ...request, settings: { ...PAINT_DEFAULTS, seed: 2 } },
    ];
    for (const other of others) {
      assert.equal((await readCheckpoint(file(), requestKey(other))).kind, 'other');
    }
    assert.equal((await readCheckpoint(file(), requestKey({ ...request }))).kind, 'found');
  });

  it('is recognised when it is cut off or changed, wherever', async () => {
    await writeCheckpoint(file(), 'key', checkpoint);
    const whole = readFileSync(file());
    for (const length of [0, 10, 40, whole.length - 1]) {
      writeFileSync(file(), whole.subarray(0, length));
      assert.equal((await readCheckpoint(file(), 'key')).kind, 'damaged', `${length} bytes`);
    }
    for (const at of [0, 50, whole.length - 1]) {
      const changed = Buffer.from(whole);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      writeFileSync(file(), changed);
      assert.equal((await readCheckpoint(file(), 'key')).kind, 'damaged', `byte ${at}`);
    }
  });

  it('is simply not there at first', async () => {
    assert.deepEqual(await readCheckpoint(file(), 'key'), { kind: 'none' });
  });
});
