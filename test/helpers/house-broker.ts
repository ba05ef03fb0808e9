import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, isListening } from '../../src/evaluation/site/local-port.ts';
import type { BrokerEndpoint } from '../../src/messaging/broker/broker-link.ts';
import { until } from './until.ts';

const LOGIN = { username: 'portico', password: 'for the broker' } as const;
const PROGRAM = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto'].find((path) => existsSync(path));

/** A broker as a house has it: a password for everybody, TLS for who wants it, no client certificates. */
export class HouseBroker {
  readonly login = LOGIN;
  readonly #folder = mkdtempSync(join(tmpdir(), 'portico-house-'));
  #plainPort = 0;
  #tlsPort = 0;
  #child: ChildProcess | undefined;

  static async start(): Promise<HouseBroker> {
    const broker = new HouseBroker();
    await broker.#prepare();
    await broker.run();
    return broker;
  }

  get plainPort(): number {
    return this.#plainPort;
  }

  get certificateFile(): string {
    return join(this.#folder, 'broker.crt');
  }

  get endpoint(): BrokerEndpoint {
    const authority = readFileSync(this.certificateFile, 'utf8');
    return { url: `mqtts://localhost:${this.#tlsPort}`, tls: { authority }, login: LOGIN };
  }

  async run(): Promise<void> {
    const configuration = join(this.#folder, 'conf');
    this.#child = spawn(PROGRAM ?? 'mosquitto', ['-c', configuration], { stdio: 'ignore' });
    await until('the broker listens', () => isListening(this.#plainPort));
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #prepare(): Promise<void> {
    this.#plainPort = await freePort();
    this.#tlsPort = await freePort();
    assert.notEqual(this.#plainPort, this.#tlsPort);
    const { username, password } = LOGIN;
    const inFolder = { cwd: this.#folder, stdio: 'ignore' } as const;
    execFileSync('mosquitto_passwd', ['-c', '-b', 'passwords', username, password], inFolder);
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
        ...['-keyout', 'broker.key', '-out', 'broker.crt', '-days', '2', '-subj', '/CN=localhost'],
        ...['-addext', 'subjectAltName=DNS:localhost'],
      ],
      inFolder,
    );
    const lines = [
      'allow_anonymous false',
      `password_file ${join(this.#folder, 'passwords')}`,
      'persistence false',
      'log_dest none',
      'user root',
      `listener ${this.#plainPort} 127.0.0.1`,
      `listener ${this.#tlsPort} 127.0.0.1`,
      `certfile ${this.certificateFile}`,
      `keyfile ${join(this.#folder, 'broker.key')}`,
    ];
    writeFileSync(join(this.#folder, 'conf'), `${lines.join('\n')}\n`);
  }
}
