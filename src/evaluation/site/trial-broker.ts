import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProtocolError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import { isListening } from './local-port.ts';

const PROGRAMS = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/usr/bin/mosquitto'];
const START_WITHIN_MS = 10_000;
const POLL_MS = 50;
/** Of the kernel's accounts of a process. */
const TICKS_PER_SECOND = 100;

/** What a broker has used since it was started. */
export interface BrokerUsage {
  readonly cpuMs: number;
  readonly rssBytes: number;
}

/** A mosquitto of our own, from the files that `site init` writes for the operator. */
export class TrialBroker {
  readonly #folder: string;
  readonly #port: number;
  readonly #clock: Clock;
  #child: ChildProcess | undefined;

  /** @param folder  `broker` of a site's folder, made for mqtts://localhost:port */
  constructor(folder: string, port: number, clock: Clock) {
    this.#folder = folder;
    this.#port = port;
    this.#clock = clock;
  }

  /** @throws PORTICO_SITE_UNREACHABLE when mosquitto is not installed or does not start */
  async start(): Promise<void> {
    const configuration = join(this.#folder, 'trial.conf');
    writeFileSync(configuration, this.#configuration());
    this.#child = spawn(programOf(), ['-c', configuration], { stdio: 'ignore' });
    const deadline = this.#clock.now() + START_WITHIN_MS;
    while (!(await isListening(this.#port))) {
      if (this.#child.exitCode !== null || this.#clock.now() > deadline) throw doesNotStart();
      await this.#clock.sleep(POLL_MS);
    }
  }

  usage(): BrokerUsage {
    const pid = this.#child?.pid ?? 0;
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const ticks = Number(fields[11]) + Number(fields[12]);
    const rss = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return { cpuMs: (1_000 * ticks) / TICKS_PER_SECOND, rssBytes: 1_024 * Number(rss?.[1] ?? 0) };
  }

  /** As an operator would: it writes its database and ends. Idempotent. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** Everything that it has written down. */
  readDatabase(): Buffer {
    return readFileSync(join(this.#folder, 'mosquitto.db'));
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  #configuration(): string {
    const shipped = readFileSync(join(this.#folder, 'mosquitto.conf'), 'utf8');
    return `${shipped
      .replace(/^listener \d+$/m, `listener ${this.#port} 127.0.0.1`)
      .replaceAll('/etc/mosquitto/portico/', `${this.#folder}/`)
      .replaceAll('/var/lib/mosquitto/', `${this.#folder}/`)}
# Started as the superuser it would change to a user who may not read here.
user root
log_dest none
`;
  }
}

function programOf(): string {
  const program = PROGRAMS.find((path) => existsSync(path));
  if (program !== undefined) return program;
  throw new ProtocolError('PORTICO_SITE_UNREACHABLE', {
    message: 'mosquitto is not installed, and this measures with one of its own',
    remedy: 'Install it: apt-get install mosquitto.',
  });
}

const doesNotStart = (): ProtocolError =>
  new ProtocolError('PORTICO_SITE_UNREACHABLE', {
    message: 'mosquitto did not start',
    remedy: 'Look what `mosquitto -v` says, and whether the machine is overloaded.',
  });
