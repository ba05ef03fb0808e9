import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort, isListening } from '../../src/evaluation/site/local-port.ts';
import type { BrokerAddress } from '../../src/messaging/site/site-files.ts';

const PROGRAMS = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto', '/usr/local/sbin/mosquitto'];
export const shipped = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../docs/brokers/${name}`, import.meta.url)), 'utf8');

/** Reason to skip, or false. */
export const mosquittoMissing: string | false = PROGRAMS.some((path) => existsSync(path))
  ? false
  : 'needs mosquitto: apt-get install mosquitto';

/** A broker as an operator would set it up: the shipped configuration and access list, its own certificates. */
export class Mosquitto {
  readonly folder: string;
  readonly site: string;
  #port = 0;
  #listensOn = '127.0.0.1';
  #child: ChildProcess | undefined;

  private constructor(site: string, folder = mkdtempSync(join(tmpdir(), 'portico-mosquitto-'))) {
    this.site = site;
    this.folder = folder;
  }

  /** On the files that `portico site init` makes: authority, certificate of the broker, access list. */
  static async startAt(folder: string, site: string, port: number): Promise<Mosquitto> {
    const broker = new Mosquitto(site, folder);
    broker.#port = port;
    await broker.run();
    return broker;
  }

  /** @param addresses  where it can be reached besides this machine itself; then it listens everywhere */
  static async start(site: string, addresses: readonly string[] = []): Promise<Mosquitto> {
    const broker = new Mosquitto(site);
    if (addresses.length > 0) broker.#listensOn = '0.0.0.0';
    broker.#makeAuthority();
    const names = ['DNS:localhost', ...['127.0.0.1', ...addresses].map((ip) => `IP:${ip}`)];
    broker.#makeCertificate('broker', 'localhost', `subjectAltName=${names.join(',')}`);
    await broker.run();
    return broker;
  }

  get port(): number {
    return this.#port;
  }

  /** Starts the process; the second time on the same port. */
  async run(): Promise<void> {
    if (this.#port === 0) this.#port = await freePort();
    writeFileSync(join(this.folder, 'acl'), shipped('mosquitto.acl').replaceAll('SITE', this.site));
    writeFileSync(join(this.folder, 'conf'), this.#configuration());
    const program = PROGRAMS.find((path) => existsSync(path)) ?? 'mosquitto';
    this.#child = spawn(program, ['-c', join(this.folder, 'conf')], { stdio: 'ignore' });
    for (let attempt = 0; attempt < 100; attempt += 1) {
      if (await isListening(this.#port)) return;
      await delay(50);
    }
    assert.fail('mosquitto did not start');
  }

  /** What a client with this name in its certificate needs. */
  addressFor(commonName: string, port = this.#port): BrokerAddress {
    const key = join(this.folder, `${commonName}.key`);
    if (!existsSync(key)) this.#makeCertificate(commonName, commonName);
    const text = (name: string) => readFileSync(join(this.folder, name), 'utf8');
    return {
      url: `mqtts://localhost:${port}`,
      tls: {
        authority: text('authority.crt'),
        certificate: text(`${commonName}.crt`),
        privateKey: text(`${commonName}.key`),
      },
    };
  }

  get #revoked(): string {
    return join(this.folder, 'revoked.crl');
  }

  /** Reads certificates and list of revoked ones again, as `systemctl reload mosquitto` has it do. */
  reload(): void {
    this.#child?.kill('SIGHUP');
  }

  /** As a power cut would: no word to anybody, nothing saved. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Saves its database and ends. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  forgetDatabase(): void {
    rmSync(this.databasePath, { force: true });
  }

  get databasePath(): string {
    return join(this.folder, 'mosquitto.db');
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  #configuration(): string {
    return `${shipped('mosquitto.conf')
      .replace('listener 8883', `listener ${this.#port} ${this.#listensOn}`)
      .replace('/etc/mosquitto/portico/mosquitto.acl', join(this.folder, 'acl'))
      .replaceAll('/etc/mosquitto/portico/', `${this.folder}/`)
      .replace(/^crlfile .*\n/m, existsSync(this.#revoked) ? `crlfile ${this.#revoked}\n` : '')
      .replace('/var/lib/mosquitto/', `${this.folder}/`)}\nuser root\nlog_dest none\n`;
  }

  #makeAuthority(): void {
    this.#openssl(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-keyout', 'authority.key', '-out', 'authority.crt', '-days', '2'],
      ...['-subj', '/CN=portico test authority'],
    );
  }

  #makeCertificate(name: string, commonName: string, extension?: string): void {
    this.#openssl(
      ...['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${commonName}`],
    );
    const extensions = join(this.folder, `${name}.ext`);
    writeFileSync(extensions, extension ?? '');
    this.#openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'authority.crt', '-CAkey', 'authority.key'],
      ...['-CAcreateserial', '-out', `${name}.crt`, '-days', '2', '-extfile', extensions],
    );
  }

  #openssl(...args: readonly string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'ignore' });
  }
}
