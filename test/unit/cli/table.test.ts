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

  it('breaks the widest column at spaces where the terminal is narrower', () => {
    const lines = renderTable(
      ['part', 'what was found', 'what to do'],
      [['relay', 'the output is released, as it should be', 'nothing']],
      36,
    ).split('\n');
    assert.deepEqual(lines, [
      'part   what was found     what to do',
      '─────  ─────────────────  ──────────',
      'relay  the output is      nothing',
      '       released, as it',
      '       should be',
    ]);
  });

  it('breaks a word that is longer than its column, wide characters by their cells', () => {
    const lines = renderTable(
      ['path', 'name'],
      [['/var/lib/portico/portico.db', '门'.repeat(9)]],
      26,
    );
    assert.deepEqual(lines.split('\n').slice(2), [
      '/var/lib/por  门门门门门门',
      'tico/portico  门门门',
      '.db',
    ]);
  });

  it('keeps one line a row where there is no terminal', () => {
    const cell = 'a sentence that is longer than most '.repeat(9).trim();
    assert.equal(renderTable(['a', 'b'], [[cell, cell]]).split('\n').length, 3);
  });
});
