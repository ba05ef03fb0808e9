import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { commandProblem, repositoryRoot } from '../helpers/command-problem.ts';

interface Row {
  readonly claim: string;
  readonly command: string;
}

function rows(): readonly Row[] {
  const text = readFileSync(join(repositoryRoot, 'docs', 'verify.md'), 'utf8');
  return text
    .split('\n')
    .filter((line) => /^\| [^-]/.test(line))
    .slice(1)
    .map((line) => {
      const [, claim = '', command = ''] = line.split('|').map((cell) => cell.trim());
      return { claim, command: command.replaceAll('`', '') };
    });
}

describe('docs/verify.md', () => {
  for (const { claim, command } of rows()) {
    it(`names a command that exists for: ${claim}`, () => {
      assert.equal(commandProblem(command), undefined, command);
    });
  }

  it('would notice a command, a script, a test or an option that is not there', () => {
    assert.match(commandProblem('npm run frobnicate') ?? '', /no script/);
    assert.match(commandProblem('portico frobnicate') ?? '', /no command/);
    assert.match(commandProblem('portico bench --colour blue') ?? '', /no option/);
    assert.match(commandProblem('node --test dist/test/unit/nothing.test.js') ?? '', /not there/);
    assert.match(commandProblem('rm -r everything') ?? '', /neither/);
  });
});
