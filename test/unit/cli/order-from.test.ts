import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { orderFrom } from '../../../src/cli/order-from.ts';
import { faultCoded, scratchFolder } from '../../helpers/store-bench.ts';

describe('an order of models', () => {
  const folder = scratchFolder();

  it('takes the texts of models in a folder, and nothing else of it', () => {
    for (const id of ['iris', 'prepare']) mkdirSync(join(folder, id));
    writeFileSync(join(folder, 'iris/manifest.json'), '{}');
    writeFileSync(join(folder, 'iris/model.onnx'), '');
    writeFileSync(join(folder, 'prepare/notes.txt'), '');
    writeFileSync(join(folder, 'manifest.json'), '{}');
    assert.deepEqual(orderFrom('models', { from: folder }), {
      name: 'models',
      files: [{ path: 'iris/manifest.json', text: '{}' }],
    });
  });

  it('needs a folder that holds some, and goes with no other order', () => {
    const usage = faultCoded('PORTICO_USAGE');
    assert.throws(() => orderFrom('models', {}), usage);
    assert.throws(() => orderFrom('models', { from: join(folder, 'prepare') }), usage);
    assert.throws(() => orderFrom('models', { from: join(folder, 'none') }), usage);
    assert.throws(() => orderFrom('restart', { from: folder }), usage);
  });
});
