import { spawnSync } from 'node:child_process';
import { createReadStream, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A change of what is in a file. */
export type FileChange =
  | {
      readonly kind: 'write';
      readonly path: string;
      readonly offset: number;
      readonly data: Buffer;
    }
  | { readonly kind: 'truncate'; readonly path: string; readonly length: number };
/** A change of what is in a folder. */
export type NameChange =
  | { readonly kind: 'create' | 'unlink'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly to: string };
/** What a process did to the disk, and what it said on standard output, in their order. */
export type DiskStep =
  | FileChange
  | NameChange
  | { readonly kind: 'sync'; readonly path: string }
  | { readonly kind: 'said'; readonly text: string };

// With a question mark: not every processor has each of them.
const CALLS =
  'openat,write,pwrite64,ftruncate,fsync,fdatasync,?unlink,unlinkat,?link,linkat,?rename,renameat2';
const MOST_BYTES = 1_048_576;

/** Why nothing can be recorded here; false when it can. */
export const recorderMissing = (): string | false =>
  spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0
    ? false
    : 'strace is not installed, or may not trace';

/**
 * Runs a command to its end under a tracer that writes every change of a file down.
 * @param trace  file for the raw trace; deleted afterwards
 * @returns the steps that concern files whose path begins with `prefix`, their folder, and what was said
 */
export async function recordDisk(
  command: readonly string[],
  trace: string,
  prefix: string,
): Promise<readonly DiskStep[]> {
  const options = ['-f', '-qq', '-y', '-xx', '-s', String(MOST_BYTES), '-e', `trace=${CALLS}`];
  const { status } = spawnSync('strace', [...options, '-o', trace, ...command], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('the recorded command failed');
  const folder = prefix.slice(0, prefix.lastIndexOf('/'));
  const steps: DiskStep[] = [];
  const begun = new Map<string, string>();
  for await (const line of createInterface({ input: createReadStream(trace) })) {
    const step = stepOf(joined(line, begun));
    if (step === undefined) continue;
    if (step.kind === 'said' || step.path === folder || step.path.startsWith(prefix)) {
      steps.push(step);
    }
  }
  rmSync(trace);
  return steps;
}

/** A call that another thread's came between is written in two parts. */
function joined(line: string, begun: Map<string, string>): string {
  const thread = line.slice(0, line.indexOf(' '));
  if (line.endsWith('<unfinished ...>')) {
    begun.set(thread, line.slice(0, -'<unfinished ...>'.length));
    return '';
  }
  const resumed = /^\d+ +<\.\.\. \w+ resumed>/.exec(line);
  if (resumed === null) return line;
  return (begun.get(thread) ?? '') + line.slice(resumed[0].length);
}

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll('\\x', ''), 'hex');
const textOf = (hex: string): string => bytesOf(hex).toString();

function stepOf(line: string): DiskStep | undefined {
  const call = /^\d+ +(\w+)\((.*)\) += (\d+)/.exec(line);
  if (call === null) return undefined;
  const [, name = '', rest = '', result = ''] = call;
  const strings = [...rest.matchAll(/"([^"]*)"/g)].map(([, hex = '']) => hex);
  const path = textOf(/^\d+<([^>]*)>/.exec(rest)?.[1] ?? '');
  const last = Number(/, (\d+)$/.exec(rest)?.[1]);
  switch (name) {
    case 'openat':
      if (!rest.includes('O_CREAT')) return undefined;
      return { kind: 'create', path: textOf(strings[0] ?? '') };
    case 'pwrite64': {
      const data = bytesOf(strings[0] ?? '').subarray(0, Number(result));
      return { kind: 'write', path, offset: last, data };
    }
    case 'write':
      return rest.startsWith('1<') ? { kind: 'said', text: textOf(strings[0] ?? '') } : undefined;
    case 'ftruncate':
      return { kind: 'truncate', path, length: last };
    case 'fsync':
    case 'fdatasync':
      return { kind: 'sync', path };
    case 'unlink':
    case 'unlinkat':
      return { kind: 'unlink', path: textOf(strings[0] ?? '') };
    case 'link':
    case 'linkat':
      return { kind: 'link', path: textOf(strings[0] ?? ''), to: textOf(strings[1] ?? '') };
    default:
      throw new Error(`${name} is not expected of a store`);
  }
}
