import { PorticoError } from '../domain/errors.ts';
import { renderTable } from './table.ts';

/** 0: done and yes; 1: done and no; 2: wrong use; 3: a fault; 130: interrupted. */
export const EXIT = { ok: 0, no: 1, usage: 2, fault: 3, interrupted: 130 } as const;

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';
const CODES: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

export interface TerminalSize {
  readonly columns: number;
  readonly lines: number;
}

export interface TerminalOptions {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream;
  /** Results as JSON on standard output, nothing else there. */
  readonly json: boolean;
  readonly colour: boolean;
  /** Standard error is a terminal: progress bars may redraw themselves. */
  readonly interactive: boolean;
  /** Of standard output; undefined where it is no terminal. */
  readonly size?: () => TerminalSize | undefined;
}

/** What a command says: results on standard output, progress and faults on standard error. */
export class Terminal {
  readonly #options: TerminalOptions;
  #barDrawn = false;

  constructor(options: TerminalOptions) {
    this.#options = options;
  }

  get json(): boolean {
    return this.#options.json;
  }

  get interactive(): boolean {
    return this.#options.interactive;
  }

  /** Of standard output; undefined where it is no terminal. */
  get size(): TerminalSize | undefined {
    return this.#options.size?.();
  }

  style(style: Style, text: string): string {
    if (!this.#options.colour) return text;
    const [on, off] = CODES[style];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  }

  /** No wider than the terminal, if standard output is one. */
  table(header: readonly string[], rows: readonly (readonly string[])[]): string {
    return renderTable(header, rows, this.#options.size?.()?.columns);
  }

  /** A line for people; silent when the result is JSON. */
  say(line = ''): void {
    if (!this.json) this.#options.out.write(`${line}\n`);
  }

  /** The machine-readable result: one JSON document; silent otherwise. */
  result(value: unknown): void {
    if (this.json) this.#options.out.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  /** One item of a result without an end, as JSON on a line of its own; silent otherwise. */
  line(value: unknown): void {
    if (this.json) this.#options.out.write(`${JSON.stringify(value)}\n`);
  }

  /** A remark that is not part of the result. */
  note(line: string): void {
    this.clearBar();
    this.#options.err.write(`${line}\n`);
  }

  /** Redraws the one status line; `undefined` share: unknown length. Silent without a terminal. */
  bar(label: string, share: number | undefined, detail = ''): void {
    if (!this.interactive) return;
    const width = 24;
    const filled = share === undefined ? 0 : Math.round(Math.min(1, Math.max(0, share)) * width);
    const percent =
      share === undefined ? '   ' : `${String(Math.floor(share * 100)).padStart(3)} %`;
    const drawn = `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
    this.#options.err.write(`\r\u001b[2K${label.padEnd(22)} ${drawn} ${percent} ${detail}`);
    this.#barDrawn = true;
  }

  clearBar(): void {
    if (this.#barDrawn) this.#options.err.write('\r\u001b[2K');
    this.#barDrawn = false;
  }

  /** A fault, with what to do about it; never a stack for a fault we know. */
  fault(error: unknown): void {
    this.clearBar();
    if (this.json) this.#options.out.write(`${JSON.stringify({ error: describe(error) })}\n`);
    if (error instanceof PorticoError) {
      this.#options.err.write(`${this.style('red', `✖ ${error.message}`)}\n`);
      this.#options.err.write(`  → ${error.remedy}\n  ${this.style('dim', error.code)}\n`);
      return;
    }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#options.err.write(`${this.style('red', '✖ unexpected fault')}\n${text}\n`);
  }
}

function describe(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof PorticoError) {
    return { code: error.code, message: error.message, remedy: error.remedy };
  }
  return {
    code: 'PORTICO_UNEXPECTED',
    message: error instanceof Error ? error.message : String(error),
  };
}
