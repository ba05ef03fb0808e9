import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import type { Clock } from '../../src/domain/ports/clock.ts';

export interface LineProcessExit {
  /** True when the program ended by itself without complaint. */
  readonly clean: boolean;
  readonly detail: string;
}

export interface LineCommand {
  /** See {@link deathSignalPrefix}. */
  readonly prefix: readonly string[];
  readonly program: string;
  readonly args: readonly string[];
}

const POLL_MS = 2;

/**
 * A libgpiod program that owns lines for as long as it lives. It is killed by the kernel when the
 * process that started it dies, so that no orphan keeps a line.
 */
export class LineProcess {
  readonly pid: number | undefined;
  readonly exited: Promise<LineProcessExit>;
  readonly #child: ChildProcess;
  #ended = false;

  private constructor(child: ChildProcess, onOutput: ((text: string) => void) | undefined) {
    this.#child = child;
    this.pid = child.pid;
    let complaint = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(0, 2_000);
    });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => onOutput?.(text));
    this.exited = new Promise((resolve) => {
      const end = (clean: boolean, reason: string): void => {
        this.#ended = true;
        resolve({ clean, detail: complaint.trim() === '' ? reason : complaint.trim() });
      };
      child.on('error', (error) => end(false, error.message));
      child.on('exit', (code, signal) =>
        end(code === 0, signal === null ? `exit status ${code}` : `ended by ${signal}`),
      );
    });
  }

  static start(command: LineCommand, onOutput?: (text: string) => void): LineProcess {
    const [first, ...args] = [...command.prefix, command.program, ...command.args];
    const child = spawn(first ?? command.program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    return new LineProcess(child, onOutput);
  }

  /**
   * Starts the program up to the point where it would touch its lines, and holds it there until
   * `go`: what is left then is one exec.
   */
  static prepare({ prefix, program, args }: LineCommand): LineProcess {
    const wait = ['sh', '-c', 'read -r go && exec "$@"', 'sh', program, ...args];
    const [first = 'sh', ...rest] = [...prefix, ...wait];
    const child = spawn(first, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => {}); // 'exit' tells
    return new LineProcess(child, undefined);
  }

  /** Lets a prepared program go on. */
  go(): void {
    this.#child.stdin?.end('go\n');
  }

  /**
   * Waits until the kernel has given the program its lines: the request carries the level, and its
   * handle appears among the program's open files only after the level was driven.
   * @returns false when the program ended, or did not get the lines before `timeoutMs`
   */
  async owns(handles: number, timeoutMs: number, clock: Clock): Promise<boolean> {
    const untilMs = clock.now() + timeoutMs;
    while (!this.#ended) {
      if (this.pid !== undefined && openLineHandles(this.pid) >= handles) return true;
      if (clock.now() >= untilMs) return false;
      await clock.sleep(POLL_MS);
    }
    return false;
  }

  get isAlive(): boolean {
    return !this.#ended;
  }

  /** Ends the program at once; its lines are free when this resolves. */
  async kill(): Promise<void> {
    // Not SIGTERM: the kernel frees the line either way, and a hung program must not delay it.
    if (!this.#ended) this.#child.kill('SIGKILL');
    await this.exited;
  }
}

/** Names under which the kernel lists a requested line among a process's open files (uAPI 1 and 2). */
const LINE_HANDLE = /anon_inode:\[?gpio-(?:linehandle|line|event)/;

function openLineHandles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).filter((fd) => {
      try {
        return LINE_HANDLE.test(readlinkSync(`/proc/${pid}/fd/${fd}`));
      } catch {
        return false; // closed between listing and reading
      }
    }).length;
  } catch {
    return 0; // the process is gone
  }
}

/**
 * What stands before a command so that the kernel kills it when its parent dies: `setpriv` of
 * util-linux, or nothing where that lacks the option (the process group is then the only net).
 */
export function deathSignalPrefix(): readonly string[] {
  return hasDeathSignal() ? ['setpriv', '--pdeathsig', 'KILL'] : [];
}

function hasDeathSignal(): boolean {
  try {
    return execFileSync('setpriv', ['--help'], { encoding: 'utf8', timeout: 1_000 }).includes(
      'pdeathsig',
    );
  } catch {
    return false;
  }
}
