import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Words of a command line that are not the name of a command. */
const ARGUMENT = /^-|[/.\d]/;

interface Row {
  readonly claim: string;
  readonly command: string;
}

function rows(): readonly Row[] {
  const text = readFileSync(join(root, 'docs', 'verify.md'), 'utf8');
  return text
    .split('\n')
    .filter((line) => /^\| [^-]/.test(line))
    .slice(1)
    .map((line) => {
      const [, claim = '', command = ''] = line.split('|').map((cell) => cell.trim());
      return { claim, command: command.replaceAll('`', '') };
    });
}

/** Undefined when the command can be given as it stands. */
function problemOf(command: string): string | undefined {
  const [program, ...words] = command.split(' ');
  if (program === 'npm') return problemOfScript(words);
  if (program === 'portico') return problemOfCli(words);
  const test = /^node --test dist\/(test\/\S+)\.js$/.exec(command)?.[1];
  if (test === undefined) return 'is neither npm, portico nor a test';
  return existsSync(join(root, `${test}.ts`)) ? undefined : `${test}.ts is not there`;
}

function problemOfScript([first = '', second = '']: readonly string[]): string | undefined {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const name = first === 'run' ? second : first;
  return scripts[name] === undefined ? `package.json has no script ${name}` : undefined;
}

function problemOfCli(words: readonly string[]): string | undefined {
  const main = join(root, 'dist', 'src', 'main.js');
  const name = words.slice(0, words.findIndex((word) => ARGUMENT.test(word)) >>> 0);
  const { status, stdout } = spawnSync(process.execPath, [main, ...name, '--help'], {
    encoding: 'utf8',
  });
  const isKnown = status === 0 && stdout.includes(`portico ${name.join(' ')}`);
  const unknown = words.filter((word) => /^--\w/.test(word) && !GLOBAL.includes(word));
  const missing = unknown.filter((option) => !stdout.includes(option));
  if (!isKnown) return `portico has no command ${name.join(' ')}`;
  return missing.length === 0 ? undefined : `the command has no option ${missing.join(', ')}`;
}

/** Options of every command; those of a parent command too. */
const GLOBAL = ['--json', '--root'];

describe('docs/verify.md', () => {
  for (const { claim, command } of rows()) {
    it(`names a command that exists for: ${claim}`, () => {
      assert.equal(problemOf(command), undefined, command);
    });
  }

  it('would notice a command, a script, a test or an option that is not there', () => {
    assert.match(problemOf('npm run frobnicate') ?? '', /no script/);
    assert.match(problemOf('portico frobnicate') ?? '', /no command/);
    assert.match(problemOf('portico bench --colour blue') ?? '', /no option/);
    assert.match(problemOf('node --test dist/test/unit/nothing.test.js') ?? '', /is not there/);
    assert.match(problemOf('rm -r everything') ?? '', /neither/);
  });
});
