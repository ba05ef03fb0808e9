import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ERROR_CODES } from '../../src/domain/errors.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The cells of the table between the marks of the README, its two lines of header left out. */
function errorTable(): readonly (readonly string[])[] {
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  const [, table = ''] = /<!-- errors -->\n([\s\S]*?)<!-- \/errors -->/.exec(text) ?? [];
  return table
    .trim()
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function sources(): string {
  const files = ['src', 'device', 'models'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && name !== join('domain', 'errors.ts'))
      .map((name) => join(root, folder, name)),
  );
  return files.map((file) => readFileSync(file, 'utf8')).join('\n');
}

describe('error table of the README', () => {
  it('has one row per code, in the order of the list', () => {
    const codes = errorTable().map(([code]) => code?.replaceAll('`', ''));
    assert.deepEqual(codes, [...ERROR_CODES]);
  });

  it('says of each what happened, what the door does and what to do', () => {
    for (const [code, ...cells] of errorTable()) {
      assert.equal(cells.length, 3, code);
      for (const cell of cells) assert.ok(cell.length >= 8, `${code}: "${cell}" says nothing`);
    }
  });

  it('lists no code that nothing can raise', () => {
    const text = sources();
    const idle = ERROR_CODES.filter((code) => !text.includes(`'${code}'`));
    assert.deepEqual(idle, []);
  });

  it('links only to what is there', () => {
    const text = readFileSync(join(root, 'README.md'), 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      assert.ok(existsSync(join(root, target)), `${target} is not there`);
    }
  });
});
