import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Stops every thread of a process, does something, and lets them go on. */
export async function heldStill<T>(pid: number, task: () => T): Promise<T> {
  process.kill(pid, 'SIGSTOP');
  try {
    while (!isStopped(pid)) await delay(1);
    return task();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

/** A thread within a call of the kernel stops only after that: what it writes is written wholly. */
function isStopped(pid: number): boolean {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).every((thread) => {
    const status = readFileSync(`${tasks}/${thread}/stat`, 'utf8');
    return status.slice(status.lastIndexOf(')') + 2).startsWith('T');
  });
}
