import { spawn } from 'node:child_process';
import type { Session } from './session.ts';

/**
 * Prepares models in a process of its own: what it fetches and converts must not hold up a gate that runs.
 * Resolves when it has ended, however; ends it when the session does.
 */
export function prepareApart(
  { configFile, environment, signal }: Session,
  ids: readonly string[],
): Promise<void> {
  const program = process.argv[1];
  if (program === undefined || signal.aborted) return Promise.resolve();
  const config = configFile === undefined ? [] : ['--config', configFile];
  const child = spawn(process.execPath, [program, ...config, 'models', 'prepare', ...ids], {
    env: { ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
    signal,
  });
  return new Promise((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
}
