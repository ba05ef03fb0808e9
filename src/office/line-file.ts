import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { ProtocolError } from '../domain/errors.ts';

const OWNER_ONLY = 0o600;
const NEWLINE = 0x0a;
/** Longer lines than this are not ours: a signed event is 30 KiB at the most. */
const LINE_BYTES_MAX = 256 * 1024;

/**
 * A file of lines to which is only ever appended. Several programs may append at once: each line is
 * one write. A last line that a crash has cut short is taken off before anything is added. A file that
 * another program has replaced is opened anew.
 */
export class LineFile {
  readonly path: string;
  #descriptor: number | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** The whole lines; empty when there is no file yet. @throws PORTICO_SITE_FILE */
  read(): string {
    if (!existsSync(this.path)) return '';
    return this.#guarded('read', () => {
      const bytes = readFileSync(this.path);
      const whole = bytes.lastIndexOf(NEWLINE) + 1;
      if (whole < bytes.length) truncateSync(this.path, whole);
      return bytes.subarray(0, whole).toString('utf8');
    });
  }

  /** Without reading the lines before it; a line that a crash cut short goes. @throws PORTICO_SITE_FILE */
  lastLine(): string | undefined {
    return this.#withEnd('r+', ({ line, cutOff, size }, descriptor) => {
      if (cutOff > 0) ftruncateSync(descriptor, size - cutOff);
      return line;
    });
  }

  /** The same while another program may be in the middle of a line. @throws PORTICO_SITE_FILE */
  newestWholeLine(): string | undefined {
    return this.#withEnd('r', ({ line }) => line);
  }

  /**
   * @param line  with its line feed
   * @throws PORTICO_SITE_FILE, for example when the disk is full; nothing was appended then
   */
  append(line: string): void {
    this.#guarded('written', () => {
      const descriptor = this.#open();
      const bytes = Buffer.from(line, 'utf8');
      const { size } = fstatSync(descriptor);
      if (writeSync(descriptor, bytes) === bytes.length) return;
      ftruncateSync(descriptor, size);
      throw new Error('only a part of the line had room');
    });
  }

  /** What was appended outlives a power cut. @throws PORTICO_SITE_FILE */
  sync(): void {
    this.#guarded('written', () => fsyncSync(this.#open()));
  }

  /** Idempotent; the next append opens it again. */
  close(): void {
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #open(): number {
    if (this.#descriptor !== undefined && this.#isReplaced(this.#descriptor)) this.close();
    if (this.#descriptor === undefined) {
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
      this.#descriptor = openSync(this.path, 'a', OWNER_ONLY);
    }
    return this.#descriptor;
  }

  /** Another program may have written the file anew, shorter. */
  #isReplaced(descriptor: number): boolean {
    const there = statSync(this.path, { throwIfNoEntry: false });
    return there?.ino !== fstatSync(descriptor).ino;
  }

  #withEnd<T>(flags: 'r' | 'r+', work: (end: FileEnd, descriptor: number) => T): T | undefined {
    if (!existsSync(this.path)) return undefined;
    return this.#guarded('read', () => {
      const descriptor = openSync(this.path, flags);
      try {
        return work(endOf(descriptor), descriptor);
      } finally {
        closeSync(descriptor);
      }
    });
  }

  #guarded<T>(done: 'read' | 'written', work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw new ProtocolError('PORTICO_SITE_FILE', {
        message: `${this.path} cannot be ${done}`,
        remedy: 'Check that the disk has room and that the file may be read and written by you.',
        cause,
        context: { path: this.path },
      });
    }
  }
}

interface FileEnd {
  readonly line: string | undefined;
  /** Bytes after the last line feed. */
  readonly cutOff: number;
  readonly size: number;
}

function endOf(descriptor: number): FileEnd {
  const { size } = fstatSync(descriptor);
  const bytes = Buffer.alloc(Math.min(size, 2 * LINE_BYTES_MAX));
  readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
  const end = bytes.lastIndexOf(NEWLINE);
  const cutOff = bytes.length - 1 - end;
  if (end < 0) return { line: undefined, cutOff, size };
  const begin = bytes.subarray(0, end).lastIndexOf(NEWLINE) + 1;
  return { line: bytes.subarray(begin, end).toString('utf8'), cutOff, size };
}
