import { execFile } from 'node:child_process';

const ANSWERS_WITHIN_MS = 5_000;
const MOST_BYTES = 16 * 1024 * 1024;

/** What a program of this system prints; undefined where it is not there, fails, or takes too long. */
export function askProgram(program: string, args: readonly string[]): Promise<string | undefined> {
  const options = { timeout: ANSWERS_WITHIN_MS, maxBuffer: MOST_BYTES, encoding: 'utf8' } as const;
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout) =>
      resolve(error === null && stdout !== '' ? stdout : undefined),
    );
  });
}
