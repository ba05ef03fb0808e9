import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { DEMO_FACES, type DemoPerson } from '../../../device/camera/scene-scripts.ts';
import { openCatalogue } from '../../../src/inference/catalogue.ts';

const main = fileURLToPath(new URL('../../../src/main.js', import.meta.url));
const modelsDir = fileURLToPath(new URL('../../../../models/', import.meta.url));
const { XDG_CACHE_HOME: cacheHome = join(homedir(), '.cache') } = process.env;

export interface CliOutcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface RunningCli {
  readonly pid: number;
  /** Resolves when this has been printed on standard output; rejects when the command ends before. */
  printed(text: string): Promise<void>;
  /** Standard output so far. */
  out(): string;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<CliOutcome>;
}

/** An installation of its own: state that starts empty, the prepared models of this machine. */
export class CliHome {
  readonly folder = mkdtempSync(join(tmpdir(), 'portico-cli-'));
  readonly #running = new Set<RunningCli>();

  constructor() {
    after(async () => {
      for (const cli of this.#running) cli.kill('SIGKILL');
      await Promise.all([...this.#running].map(({ ended }) => ended));
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  get storePath(): string {
    return join(this.folder, 'portico', 'portico.db');
  }

  get keyPath(): string {
    return join(this.folder, 'portico', 'portico.key');
  }

  configure(config: Readonly<Record<string, unknown>>): void {
    mkdirSync(join(this.folder, 'portico'), { recursive: true });
    const text = JSON.stringify({ schemaVersion: 1, ...config });
    writeFileSync(join(this.folder, 'portico', 'portico.json'), text);
  }

  start(...args: readonly string[]): RunningCli {
    const { PATH, HOME } = process.env;
    const child = spawn(process.execPath, [main, ...args], {
      cwd: this.folder,
      env: { PATH, HOME, XDG_DATA_HOME: this.folder, XDG_CACHE_HOME: cacheHome },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    const waiting = new Set<() => void>();
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      for (const look of waiting) look();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    const ended = new Promise<CliOutcome>((resolve) =>
      child.once('close', (code, signal) => {
        this.#running.delete(running);
        resolve({ code, signal, out, err });
      }),
    );
    const running: RunningCli = {
      pid: child.pid ?? 0,
      out: () => out,
      kill: (signal) => void child.kill(signal),
      ended,
      printed: (text) =>
        new Promise((resolve, reject) => {
          const look = (): void => {
            if (!out.includes(text)) return;
            waiting.delete(look);
            resolve();
          };
          waiting.add(look);
          look();
          void ended.then(() => reject(new Error(`ended without "${text}":\n${out}\n${err}`)));
        }),
    };
    this.#running.add(running);
    return running;
  }

  run(...args: readonly string[]): Promise<CliOutcome> {
    return this.start(...args).ended;
  }

  /** A portrait of one person of the demonstration's photographs. */
  async portrait(person: DemoPerson): Promise<string> {
    const { picture, xPx, yPx, heightPx } = DEMO_FACES[person];
    const reach = Math.round(heightPx * 1.1);
    const left = Math.max(0, xPx - reach);
    const top = Math.max(0, yPx - reach);
    const path = join(this.folder, `${person}.png`);
    const photo = sharp(photograph(picture));
    const { width, height } = await photo.metadata();
    await photo
      .extract({
        left,
        top,
        width: Math.min(width, xPx + reach) - left,
        height: Math.min(height, yPx + reach) - top,
      })
      .png()
      .toFile(path);
    return path;
  }
}

/** One of the demonstration's photographs, with everybody on it. */
export function photograph(name: string): string {
  const catalogue = openCatalogue({ modelsDir, cacheDir: join(cacheHome, 'portico', 'models') });
  const file = catalogue.pictures('demo-photos').find((candidate) => candidate.name === name);
  if (file === undefined) throw new Error(`the demonstration has no picture ${name}`);
  return file.path;
}
