import { type ChildProcess, spawn } from 'node:child_process';
import { execPath, kill } from 'node:process';
import { fileURLToPath } from 'node:url';
import {
  formatCommand,
  type HolderCommand,
  type HolderReport,
  parseReport,
} from './holder/holder-messages.ts';
import { LineSplitter } from './holder/line-splitter.ts';

export interface HolderListener {
  onReport(report: HolderReport): void;
  /** The process is gone, and its process group with it. */
  onExit(detail: string): void;
}

/** The gate's end of a holder: a child in a process group of its own. */
export class HolderProcess {
  readonly pid: number | undefined;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;

  /**
   * @param entry the compiled entry file
   * @param args  the relay's specification and its longest pulse in ms
   */
  constructor(entry: URL, args: readonly string[], listener: HolderListener) {
    const child = spawn(execPath, [fileURLToPath(entry), ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own: a Ctrl-C meant for the gate does not reach it, and one signal ends it
      // together with the program that holds the line.
      detached: true,
    });
    this.#child = child;
    this.pid = child.pid;
    const lines = new LineSplitter((line) => {
      const report = parseReport(line);
      if (report !== undefined) listener.onReport(report);
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(text));
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-1_000);
    });
    child.stdin.on('error', () => {}); // 'exit' tells
    this.#exited = new Promise((resolve) => {
      const end = (detail: string): void => {
        this.killGroup();
        resolve();
        listener.onExit(detail);
      };
      child.once('error', (error) => end(error.message));
      child.once('exit', (code, signal) => {
        const how = signal === null ? `exit status ${code}` : `ended by ${signal}`;
        end(complaint.trim() === '' ? how : `${how}: ${complaint.trim()}`);
      });
    });
  }

  send(command: HolderCommand): void {
    this.#child.stdin?.write(formatCommand(command));
  }

  /** Ends its standard input, upon which it drives the output off and leaves. */
  dismiss(): Promise<void> {
    this.#child.stdin?.end();
    return this.#exited;
  }

  /** Ends the holder and whatever it has started, at once. */
  killGroup(): void {
    if (this.pid === undefined) return;
    try {
      kill(-this.pid, 'SIGKILL');
    } catch {
      // nothing of the group is left
    }
  }
}
