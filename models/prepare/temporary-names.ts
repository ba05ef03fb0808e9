import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Two runs may prepare into one cache at the same time, so each writes under names of its own
 * that carry its process id, and a name only becomes final by a rename.
 */
export const temporaryName = (stem: string, ending: string): string =>
  `${stem}.${process.pid}-${randomBytes(4).toString('hex')}.${ending}`;

/** Temporary files of runs that are no longer there, which left them unfinished. */
export async function abandonedFiles(folder: string, stem: string, ending: string) {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.startsWith(`${stem}.`) && name.endsWith(`.${ending}`))
    .filter((name) => {
      const pid = /\.(\d+)-[0-9a-f]{8}\.[a-z]+$/.exec(name)?.[1];
      return pid !== undefined && !isRunning(Number(pid));
    })
    .map((name) => join(folder, name));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
