import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

export interface MachineParts {
  /** Kernel, initrd.gz and what `build-machine.sh` left besides. */
  readonly folder: string;
  /** The machine's disk, qcow2. */
  readonly disk: string;
  /** What the machine sees as /mnt/host. */
  readonly share: string;
  /** Where sockets and the console's log go. */
  readonly scratch: string;
}

export interface Answer {
  readonly code: number;
  readonly output: string;
}

const BOOT_TIMEOUT_MS = 300_000;
const SCRIPT_TIMEOUT_MS = 600_000;

/** Nested or without virtualisation the processor is emulated: some twenty times slower, and as true. */
export const accelerator = (): 'kvm' | 'tcg' =>
  existsSync('/dev/kvm') && /\b(vmx|svm)\b/.test(readFileSync('/proc/cpuinfo', 'utf8'))
    ? 'kvm'
    : 'tcg';

/** A virtual machine that runs: what is sent to its agent, and its plug. */
export class Machine {
  readonly #emulator: ChildProcess;
  readonly #agent: Socket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #serial = 0;

  private constructor(emulator: ChildProcess, agent: Socket) {
    this.#emulator = emulator;
    this.#agent = agent;
    createInterface({ input: agent }).on('line', (line) => {
      const { id, ...answer } = JSON.parse(line) as Answer & { readonly id: number };
      this.#waiting.get(id)?.(answer);
      this.#waiting.delete(id);
    });
    agent.on('error', () => undefined);
  }

  /** Resolves when its agent answers. */
  static async boot(parts: MachineParts): Promise<Machine> {
    const port = join(parts.scratch, 'agent.sock');
    rmSync(port, { force: true });
    const emulator = spawn('qemu-system-x86_64', argumentsFor(parts, port), {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const machine = new Machine(emulator, await connected(port, emulator));
    const deadline = performance.now() + BOOT_TIMEOUT_MS;
    // What is sent before the agent listens may be lost: it is asked until it answers.
    while (performance.now() < deadline) {
      const answer = await machine.#ask('true', 5_000).catch(() => undefined);
      if (answer?.code === 0) return machine;
      if (emulator.exitCode !== null) break;
    }
    await machine.cut();
    throw new Error(`the machine did not come up; see ${join(parts.scratch, 'console.log')}`);
  }

  /** Runs a script of bash as root in the machine. @throws when it fails or takes too long */
  async run(script: string, timeoutMs = SCRIPT_TIMEOUT_MS): Promise<string> {
    const { code, output } = await this.#ask(script, timeoutMs);
    if (code === 0) return output.trimEnd();
    throw new Error(`in the machine, ${code}: ${script}\n${output}`);
  }

  /** The same, for a script that may fail. */
  try(script: string, timeoutMs = SCRIPT_TIMEOUT_MS): Promise<Answer> {
    return this.#ask(script, timeoutMs);
  }

  /** The power is cut: nothing is written any more that was not on the disk. */
  async cut(): Promise<void> {
    this.#agent.destroy();
    if (this.#emulator.exitCode !== null || this.#emulator.signalCode !== null) return;
    const ended = once(this.#emulator, 'exit');
    this.#emulator.kill('SIGKILL');
    await ended;
  }

  async powerOff(): Promise<void> {
    const ended = once(this.#emulator, 'exit');
    await this.#ask('systemctl poweroff --no-block', 10_000).catch(() => undefined);
    const inTime = await Promise.race([ended.then(() => true), delay(120_000, false)]);
    if (!inTime) await this.cut();
  }

  async #ask(script: string, timeoutMs: number): Promise<Answer> {
    this.#serial += 1;
    const id = this.#serial;
    const timeout = new AbortController();
    const answer = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#agent.write(`${JSON.stringify({ id, script })}\n`);
    const late = delay(timeoutMs, undefined, { signal: timeout.signal }).then(() => {
      this.#waiting.delete(id);
      throw new Error(`no answer from the machine in ${timeoutMs} ms: ${script}`);
    });
    late.catch(() => undefined);
    try {
      return await Promise.race([answer, late]);
    } finally {
      timeout.abort();
    }
  }
}

async function connected(port: string, emulator: ChildProcess): Promise<Socket> {
  for (;;) {
    if (emulator.exitCode !== null) throw new Error('the emulator does not start');
    if (existsSync(port)) {
      const socket = connect(port);
      const isUp = await Promise.race([
        once(socket, 'connect').then(() => true),
        once(socket, 'error').then(() => false),
      ]);
      if (isUp) return socket;
    }
    await delay(50);
  }
}

function argumentsFor({ folder, disk, share, scratch }: MachineParts, port: string): string[] {
  const processor = accelerator() === 'kvm' ? ['kvm', 'host'] : ['tcg,thread=multi', 'max'];
  const [engine = '', cpu = ''] = processor;
  return [
    ['-M', 'q35', '-accel', engine, '-cpu', cpu, '-smp', '2', '-m', '2G'],
    ['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ['-serial', `file:${join(scratch, 'console.log')}`],
    ['-kernel', join(folder, 'kernel'), '-initrd', join(folder, 'initrd.gz')],
    ['-append', 'console=ttyS0 quiet loglevel=3 mitigations=off panic=-1'],
    ['-drive', `file=${disk},format=qcow2,if=none,id=disk,cache=writeback`],
    ['-device', 'virtio-blk-pci,drive=disk', '-device', 'virtio-rng-pci'],
    ['-virtfs', `local,path=${share},mount_tag=host,security_model=none`],
    ['-netdev', 'user,id=net', '-device', 'virtio-net-pci,netdev=net'],
    ['-device', 'virtio-serial-pci', '-chardev', `socket,id=agent,path=${port},server=on,wait=off`],
    ['-device', 'virtserialport,chardev=agent,name=bench.agent'],
  ].flat();
}
