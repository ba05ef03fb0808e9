import { spawn } from 'node:child_process';
import type { Session } from './session.ts';

/**
 * Runs another command of this program in a process of its own: what it fetches, converts and computes must not hold up a
 * gate that runs. It ends with the session.
 * @returns its exit code; undefined when it did not get that far
 */
export function runApart(
  { configFile, environment, signal }: Pick<Session, 'configFile' | 'environment' | 'signal'>,
  args: readonly string[],
): Promise<number | undefined> {
  const program = process.argv[1];
  if (program === undefined || signal.aborted) return Promise.resolve(undefined);
  const config = configFile === undefined ? [] : ['--config', configFile];
  const child = spawn(process.execPath, [program, ...config, ...args], {
    env: { ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
    signal,
  });
  return new Promise((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('exit', (code) => resolve(code ?? undefined));
  });
}
