import { readFileSync } from 'node:fs';

/** False for a process that is gone, or dead and only waiting to be collected. */
export function isRunning(pid: number): boolean {
  try {
    // "pid (name) state ...": the name may hold anything, so look behind its last parenthesis.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return false;
  }
}
