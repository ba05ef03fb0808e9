import { execFile } from 'node:child_process';
import { DeviceError, type ErrorCode } from '../../src/domain/errors.ts';

/** The command lines of libgpiod 1.x and 2.x differ in almost every option. */
export type GpiodDialect = 'v1' | 'v2';

export interface GpioChip {
  /** `gpiochipN`; N may change when the chip is unplugged and comes back. */
  readonly name: string;
  readonly label: string;
}

const PROGRAM_TIMEOUT_MS = 2_000;

/** The programs of Debian's package `gpiod`; `code` is what their failures are reported as. */
export class GpiodPrograms {
  readonly #code: ErrorCode;

  constructor(code: ErrorCode) {
    this.#code = code;
  }

  /** @throws the given code when the programs are missing or of an unknown version */
  async dialect(): Promise<GpiodDialect> {
    const text = await this.run('gpioset', ['--version']);
    const major = /\bv?(\d+)\.\d+/.exec(text)?.[1];
    if (major === '1') return 'v1';
    if (major === '2') return 'v2';
    throw this.fault(`gpioset reports an unknown version: "${firstLine(text)}"`, {
      remedy: 'Install the package gpiod in version 1.4 or newer.',
      transient: false,
    });
  }

  async chips(): Promise<readonly GpioChip[]> {
    const text = await this.run('gpiodetect', []);
    return [...text.matchAll(/^(gpiochip\d+) \[(.*)\] \(\d+ lines?\)$/gm)].flatMap((match) =>
      match[1] === undefined || match[2] === undefined ? [] : [{ name: match[1], label: match[2] }],
    );
  }

  /** Finds the chip as it is numbered now. @param wanted label, `gpiochipN` or `/dev/gpiochipN` */
  async findChip(wanted: string): Promise<GpioChip> {
    const chips = await this.chips();
    const name = wanted.replace(/^\/dev\//, '');
    const found = chips.filter((chip) => chip.name === name || chip.label === wanted);
    const only = found[0];
    if (only !== undefined && found.length === 1) return only;
    const seen = chips.map((chip) => `${chip.label} (${chip.name})`).join(', ');
    if (only !== undefined) {
      throw this.fault(`${found.length} GPIO chips have the label "${wanted}"`, {
        remedy: `Name one of them by its device: ${found.map((chip) => chip.name).join(', ')}.`,
        transient: false,
      });
    }
    throw this.fault(`GPIO chip "${wanted}" not found`, {
      remedy:
        seen === ''
          ? 'No GPIO chip is visible at all: check the wiring, and that the user is in the group gpio.'
          : `Use one of the chips that are there: ${seen}.`,
      transient: true,
    });
  }

  /** What the programs want as the line: v1 knows only offsets, v2 takes names and offsets alike. */
  async findLine(dialect: GpiodDialect, chip: GpioChip, line: string): Promise<string> {
    if (dialect === 'v2' || /^\d+$/.test(line)) return line;
    const text = await this.run('gpioinfo', [chip.name]);
    const names = [...text.matchAll(/^\s*line\s+(\d+):\s+"([^"]*)"/gm)];
    const offset = names.find((match) => match[2] === line)?.[1];
    if (offset !== undefined) return offset;
    throw this.fault(`line "${line}" does not exist on ${chip.label} (${chip.name})`, {
      remedy: `Use an offset, or one of its names: ${nameList(names.map((match) => match[2] ?? ''))}.`,
      transient: false,
    });
  }

  /** Runs a program to its end and returns its standard output. */
  run(program: string, args: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { timeout: PROGRAM_TIMEOUT_MS, killSignal: 'SIGKILL' } as const;
      execFile(program, args, options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(this.programFault(program, `${stderr.trim()} ${error.message}`, error));
      });
    });
  }

  /** Turns a program's complaint into a fault with the remedy that fits it. */
  programFault(program: string, complaint: string, cause?: unknown): DeviceError {
    const message = `${program} failed: ${firstLine(complaint)}`;
    if (complaint.includes('ENOENT')) {
      return this.fault(`program ${program} is not installed`, {
        remedy: 'Install the package gpiod (apt install gpiod).',
        transient: false,
        cause,
      });
    }
    if (/permission denied/i.test(complaint)) {
      return this.fault(message, {
        remedy:
          'Add the user to the group that owns /dev/gpiochip* (usually gpio) and log in again.',
        transient: false,
        cause,
      });
    }
    if (/busy/i.test(complaint)) {
      return this.fault(message, {
        remedy: 'Another program holds the line: find it with gpioinfo and stop it.',
        transient: true,
        cause,
      });
    }
    return this.fault(message, {
      remedy: 'Check chip and line with gpiodetect and gpioinfo.',
      transient: true,
      cause,
    });
  }

  fault(
    message: string,
    rest: { readonly remedy: string; readonly transient: boolean; readonly cause?: unknown },
  ): DeviceError {
    return new DeviceError(this.#code, { message, device: 'gpio', ...rest });
  }
}

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';

function nameList(names: readonly string[]): string {
  const known = names.filter((name) => name !== '');
  return known.length === 0 ? '(its lines have no names)' : known.slice(0, 12).join(', ');
}
