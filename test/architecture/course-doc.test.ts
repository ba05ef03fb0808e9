import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { commandProblem, repositoryRoot } from '../helpers/command-problem.ts';

const text = readFileSync(join(repositoryRoot, 'docs', 'course.md'), 'utf8');
const quoted = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
const rows = text
  .split('\n')
  .filter((line) => /^\| [^-]/.test(line) && !line.includes('What shows it'))
  .map((line) => {
    const [, section = '', files = '', commands = ''] = line.split('|').map((cell) => cell.trim());
    return { section, files: quoted(files), commands: quoted(commands) };
  });

describe('docs/course.md', () => {
  it('maps the sections of the week', () => {
    assert.ok(rows.length > 20);
  });

  it('names files that exist, for every section', () => {
    for (const { section, files } of rows) {
      assert.ok(files.length > 0, section);
      for (const file of files) assert.ok(existsSync(join(repositoryRoot, file)), file);
    }
  });

  for (const command of new Set(rows.flatMap(({ commands }) => commands))) {
    it(`names a command that exists: ${command}`, () => {
      assert.equal(commandProblem(command), undefined);
    });
  }
});
