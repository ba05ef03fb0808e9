import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessReading {
  /** All of it, with pages of files that the kernel drops and brings back as it likes. */
  readonly residentBytes: number;
  /** Without pages of files: what only the process itself can give back. */
  readonly ownBytes: number;
  readonly descriptors: number;
  readonly threads: number;
}

/** What the kernel says of a process now; undefined once it has ended. */
export function readProcess(pid: number): ProcessReading | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
    return {
      residentBytes: field('VmRSS') * 1024,
      ownBytes: (field('RssAnon') + field('RssShmem')) * 1024,
      descriptors: readdirSync(`/proc/${pid}/fd`).length,
      threads: field('Threads'),
    };
  } catch {
    return undefined;
  }
}
