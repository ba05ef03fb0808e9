import { readdir, readFile } from 'node:fs/promises';
import { kill } from 'node:process';

/**
 * Signals every process whose command line holds a text; for programs that were started by somebody
 * else and gave no handle. The text must be unique, e.g. a path made for this purpose.
 */
export async function signalProcessesNaming(
  text: string,
  signal: 'SIGINT' | 'SIGKILL',
): Promise<void> {
  const entries = await readdir('/proc');
  await Promise.all(
    entries
      .filter((entry) => /^\d+$/.test(entry))
      .map(async (pid) => {
        try {
          const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8');
          if (commandLine.includes(text)) kill(Number(pid), signal);
        } catch {
          // It ended while we looked.
        }
      }),
  );
}
