import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of a few megabytes that can be filled to its last byte. */
export class SmallDisk {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** @returns undefined where this process may not mount anything */
  static mount(megabytes: number): SmallDisk | undefined {
    const path = mkdtempSync(join(tmpdir(), 'portico-disk-'));
    const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path];
    if (spawnSync('mount', options, { stdio: 'ignore' }).status === 0) return new SmallDisk(path);
    rmSync(path, { recursive: true });
    return undefined;
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.path);
    return bavail * bsize;
  }

  /** Leaves no room. */
  fill(): void {
    try {
      writeFileSync(join(this.path, 'ballast'), Buffer.alloc(this.freeBytes));
    } catch {
      // Somebody else was quicker by a block: full it is.
    }
  }

  makeRoom(): void {
    rmSync(join(this.path, 'ballast'), { force: true });
  }

  unmount(): void {
    spawnSync('umount', ['--lazy', this.path], { stdio: 'ignore' });
    rmSync(this.path, { recursive: true, force: true });
  }
}
