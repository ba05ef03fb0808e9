import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GpiodDialect } from '../../../device/gpio/gpiod-programs.ts';

const SCRIPT = fileURLToPath(
  new URL('../../../../test/contract/relay-rigs/fake-gpiod.pl', import.meta.url),
);
const PROGRAMS = ['gpioset', 'gpioget', 'gpiodetect', 'gpioinfo', 'gpiomon'];

export interface LineEvent {
  /** Seconds since the epoch. */
  readonly at: number;
  readonly pid: number;
  readonly chip: string;
  readonly offset: number;
  /** Physical level that was driven from then on. */
  readonly level: 0 | 1;
}

/** Why the fakes cannot run here; undefined when they can. */
export function whyNoFakeGpiod(): string | undefined {
  try {
    execFileSync('perl', ['-MTime::HiRes', '-e', '1']);
    return undefined;
  } catch {
    return 'perl with Time::HiRes is missing (apt install perl)';
  }
}

/** A folder with programs that play libgpiod, put first on this process's PATH. */
export class FakeGpiod {
  readonly directory = mkdtempSync(join(tmpdir(), 'portico-gpio-'));
  readonly #path = process.env['PATH'];

  constructor(dialect: GpiodDialect) {
    for (const program of PROGRAMS) symlinkSync(SCRIPT, join(this.directory, program));
    this.#write('dialect', dialect);
    this.setChips('gpiochip0 sim-a - - - -', 'gpiochip1 strike-board - - strike contact exit');
    process.env['FAKE_GPIO_DIR'] = this.directory;
    process.env['PATH'] = `${this.directory}:${this.#path}`;
  }

  setChips(...rows: readonly string[]): void {
    this.#write('chips', rows.join('\n'));
  }

  setBehaviour(
    behaviour: 'normal' | 'fail' | 'fail-on' | 'hang' | 'hang-on' | 'denied' | 'slow-monitor',
  ): void {
    this.#write('behaviour', behaviour);
  }

  setInput(chip: string, offset: number, level: 0 | 1): void {
    this.#write(`input.${chip}.${offset}`, String(level));
  }

  /** A slow `gpiomon` runs and has not read its lines yet. */
  monitorStarts(): boolean {
    return existsSync(join(this.directory, 'monitor-starts'));
  }

  events(): readonly LineEvent[] {
    let text = '';
    try {
      text = readFileSync(join(this.directory, 'events.log'), 'utf8');
    } catch {
      // nothing was driven yet
    }
    return text
      .split('\n')
      .filter((row) => row !== '')
      .map((row) => {
        const [at, pid, chip = '', offset, level] = row.split(' ');
        return {
          at: Number(at),
          pid: Number(pid),
          chip,
          offset: Number(offset),
          level: level === '1' ? 1 : 0,
        };
      });
  }

  /** The worst case: a line that keeps its last level when nobody holds it. */
  level(): 0 | 1 {
    return this.events().at(-1)?.level ?? 0;
  }

  dispose(): void {
    process.env['PATH'] = this.#path;
    delete process.env['FAKE_GPIO_DIR'];
    rmSync(this.directory, {
      recursive: true,
      force: true,
      // A program that was killed just now may still write its last line.
      maxRetries: 10,
      retryDelay: 50,
    });
  }

  #write(name: string, text: string): void {
    // Renamed into place: a reader sees the old text or the new, never half.
    const draft = join(this.directory, `${name}.new`);
    writeFileSync(draft, text);
    renameSync(draft, join(this.directory, name));
  }
}
