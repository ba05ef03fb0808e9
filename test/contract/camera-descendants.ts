import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  /** One letter of /proc: R, S, D, T, Z ... */
  readonly state: string;
  readonly command: string;
}

/** @returns the living processes below one process, zombies left out */
export function descendantsOf(root: number): readonly ProcessInfo[] {
  const all = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => readProcess(Number(entry)));
  const found: ProcessInfo[] = [];
  let parents = [root];
  while (parents.length > 0) {
    const children = all.filter((process) => parents.includes(process.parent));
    found.push(...children.filter((process) => process.state !== 'Z'));
    parents = children.map((process) => process.pid);
  }
  return found;
}

/** @returns the process, or nothing when it ended meanwhile */
export function readProcess(pid: number): readonly ProcessInfo[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces and parentheses of its own.
    const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return [{ pid, parent: Number(parent), state, command }];
  } catch {
    return [];
  }
}
