import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BRIDGE = fileURLToPath(
  new URL('../../../../test/contract/relay-rigs/pty-bridge.py', import.meta.url),
);

/** Why there is no pseudo-terminal here; undefined when there is. */
export function whyNoPseudoSerial(): string | undefined {
  try {
    execFileSync('python3', ['-c', 'import pty']);
    return undefined;
  } catch {
    return 'python3 is missing (apt install python3)';
  }
}

/** A serial port whose other end is a function. */
export class PseudoSerial {
  readonly path: string;
  readonly #bridge: ChildProcess;

  private constructor(path: string, bridge: ChildProcess) {
    this.path = path;
    this.#bridge = bridge;
  }

  static open(onData: (bytes: Uint8Array) => void): Promise<PseudoSerial> {
    const bridge = spawn('python3', [BRIDGE], { stdio: ['pipe', 'pipe', 'inherit'] });
    return new Promise((resolve, reject) => {
      let name = '';
      bridge.once('error', reject);
      bridge.stdout.on('data', (bytes: Buffer) => {
        if (name.endsWith('\n')) onData(bytes);
        else {
          name += bytes.toString('latin1');
          if (name.endsWith('\n')) resolve(new PseudoSerial(name.trim(), bridge));
        }
      });
    });
  }

  send(bytes: Uint8Array): void {
    this.#bridge.stdin?.write(bytes);
  }

  /** As if the adapter were pulled out. */
  unplug(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#bridge.exitCode !== null || this.#bridge.signalCode !== null) return resolve();
      this.#bridge.once('exit', () => resolve());
      this.#bridge.kill('SIGKILL');
    });
  }
}
