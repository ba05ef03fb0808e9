import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';

const SIZE = '2G';
const run = promisify(execFile);

/** An empty disk for what must outlive a power cut; sparse, so that a copy of it is cheap. */
export function makeStateDisk(path: string): void {
  rmSync(path, { force: true });
  writeFileSync(path, '');
  execFileSync('truncate', ['-s', SIZE, path]);
  // Nothing is left for the machine to initialise: what it writes are its files.
  const options = ['-E', 'lazy_itable_init=0,lazy_journal_init=0', '-N', '4096', '-J', 'size=16'];
  execFileSync('mke2fs', ['-q', '-t', 'ext4', ...options, path]);
}

export function copyDisk(from: string, to: string): void {
  execFileSync('cp', ['--sparse=auto', from, to]);
}

/**
 * Does to a disk what the machine would do when it starts (`e2fsck -p`: the journal is replayed), looks through all of it,
 * and takes its files out into a folder.
 * @throws when the file system is damaged
 */
export async function unpackDisk(disk: string, folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await run('e2fsck', ['-f', '-p', disk]).catch((error: unknown) => {
    // 1: put right, as every start after a power cut does.
    if (!(error instanceof Error && 'code' in error && error.code === 1)) throw error;
  });
  await run('debugfs', ['-R', `rdump / ${folder}`, disk]);
}
