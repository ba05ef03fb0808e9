import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderTable } from '../../../src/cli/table.ts';

describe('renderTable', () => {
  it('aligns columns, counting wide characters as two cells', () => {
    const lines = renderTable(
      ['id', 'name'],
      [
        ['p-1', 'Ada'],
        ['门', 'x'],
      ],
    ).split('\n');
    assert.deepEqual(lines, ['id   name', '───  ────', 'p-1  Ada', '门   x']);
  });
});
