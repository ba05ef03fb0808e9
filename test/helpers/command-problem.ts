import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('../../../', import.meta.url));
/** Words of a command line that are not the name of a command. */
const ARGUMENT = /^-|[/.\d]/;
/** Options of every command; those of a parent command too. */
const GLOBAL = ['--json', '--root'];

/** What is wrong with a command that a document names; undefined when it can be given as it stands. */
export function commandProblem(command: string): string | undefined {
  const [program, ...words] = command.split(' ');
  if (program === 'npm') return problemOfScript(words);
  if (program === 'portico') return problemOfCli(words);
  const test = /^node --test dist\/(test\/\S+)\.js$/.exec(command)?.[1];
  if (test === undefined) return 'is neither npm, portico nor a test';
  return existsSync(join(repositoryRoot, `${test}.ts`)) ? undefined : `${test}.ts is not there`;
}

function problemOfScript([first = '', second = '']: readonly string[]): string | undefined {
  const { scripts } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const name = first === 'run' ? second : first;
  return scripts[name] === undefined ? `package.json has no script ${name}` : undefined;
}

function problemOfCli(words: readonly string[]): string | undefined {
  const main = join(repositoryRoot, 'dist', 'src', 'main.js');
  const end = words.findIndex((word) => ARGUMENT.test(word));
  const name = words.slice(0, end < 0 ? words.length : end);
  const { status, stdout } = spawnSync(process.execPath, [main, ...name, '--help'], {
    encoding: 'utf8',
  });
  const isKnown = status === 0 && stdout.includes(`portico ${name.join(' ')}`);
  const unknown = words.filter((word) => /^--\w/.test(word) && !GLOBAL.includes(word));
  const missing = unknown.filter((option) => !stdout.includes(option));
  if (!isKnown) return `portico has no command ${name.join(' ')}`;
  return missing.length === 0 ? undefined : `the command has no option ${missing.join(', ')}`;
}
