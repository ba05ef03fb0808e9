import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { heldStill } from './held-still.ts';

export interface MachineParts {
  /** Kernel, initrd.gz and what `build-machine.sh` left besides. */
  readonly folder: string;
  /** The machine's disk, qcow2. */
  readonly disk: string;
  /** What the machine sees, read-only, as /mnt/bench; raw. */
  readonly payload: string;
  /** The disk of /var/lib/portico, raw, so that what stands on it can be read from outside. */
  readonly state: string;
  /** Where sockets and the console's log go. */
  readonly scratch: string;
  /** Each line that the machine's observer writes. */
  readonly onObserved: (line: string) => void;
}

export interface Answer {
  readonly code: number;
  readonly output: string;
}

/** Wall time that the emulator may take; the drills' own deadlines are in the machine's time. */
const BOOT_TIMEOUT_MS = 600_000;
const SCRIPT_TIMEOUT_MS = 1_200_000;
const LAST_LINES = 25;

/** A virtual machine that runs: what is sent to its agent, and its plug. */
export class Machine {
  readonly #emulator: ChildProcess;
  readonly #agent: Socket;
  readonly #observer: Socket;
  readonly #console: string;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #serial = 0;

  private constructor(
    emulator: ChildProcess,
    ports: readonly [Socket, Socket],
    parts: MachineParts,
  ) {
    this.#emulator = emulator;
    [this.#agent, this.#observer] = ports;
    this.#console = consoleOf(parts);
    createInterface({ input: this.#agent }).on('line', (line) => {
      const { id, ...answer } = JSON.parse(line) as Answer & { readonly id: number };
      this.#waiting.get(id)?.(answer);
      this.#waiting.delete(id);
    });
    createInterface({ input: this.#observer }).on('line', parts.onObserved);
    for (const port of ports) port.on('error', () => undefined);
  }

  /** Resolves when its agent answers. @throws with the console's last lines when it does not */
  static async boot(parts: MachineParts): Promise<Machine> {
    const agent = join(parts.scratch, 'agent.sock');
    const observer = join(parts.scratch, 'observer.sock');
    for (const path of [agent, observer]) rmSync(path, { force: true });
    const emulator = spawn('qemu-system-x86_64', argumentsFor(parts, { agent, observer }), {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ports = [await connected(agent, emulator), await connected(observer, emulator)] as const;
    const machine = new Machine(emulator, ports, parts);
    const deadline = performance.now() + BOOT_TIMEOUT_MS;
    // What is sent before the agent listens may be lost: it is asked until it answers.
    while (performance.now() < deadline && emulator.exitCode === null) {
      const answer = await machine.try('true', 10_000).catch(() => undefined);
      if (answer?.code === 0) return machine;
    }
    await machine.cut();
    throw new Error(`the machine did not come up:\n${machine.lastLines()}`);
  }

  /** Runs a script of bash as root in the machine. @throws when it fails or takes too long */
  async run(script: string, timeoutMs = SCRIPT_TIMEOUT_MS): Promise<string> {
    const { code, output } = await this.try(script, timeoutMs);
    if (code === 0) return output.trimEnd();
    throw new Error(`in the machine, ${code}: ${script}\n${output}`);
  }

  /** The same, for a script that may fail. @throws when it takes too long */
  async try(script: string, timeoutMs = SCRIPT_TIMEOUT_MS): Promise<Answer> {
    this.#serial += 1;
    const id = this.#serial;
    const timeout = new AbortController();
    const answer = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#agent.write(`${JSON.stringify({ id, script })}\n`);
    const late = delay(timeoutMs, undefined, { signal: timeout.signal }).then(() => {
      this.#waiting.delete(id);
      throw new Error(
        `no answer from the machine in ${timeoutMs} ms: ${script}\n${this.lastLines()}`,
      );
    });
    late.catch(() => undefined);
    try {
      return await Promise.race([answer, late]);
    } finally {
      timeout.abort();
    }
  }

  /** The power is cut: nothing is written any more that was not on the disk. */
  async cut(): Promise<void> {
    this.#agent.destroy();
    this.#observer.destroy();
    if (this.#emulator.exitCode !== null || this.#emulator.signalCode !== null) return;
    const ended = once(this.#emulator, 'exit');
    this.#emulator.kill('SIGKILL');
    await ended;
  }

  /** The machine stands still for as long as `task` takes, and does not know: what it had not handed to its disk is not there. */
  heldStill<T>(task: () => T): Promise<T> {
    const { pid } = this.#emulator;
    if (pid === undefined) throw new Error('the machine is off');
    return heldStill(pid, task);
  }

  async powerOff(): Promise<void> {
    const ended = once(this.#emulator, 'exit');
    await this.try('systemctl poweroff --no-block', 10_000).catch(() => undefined);
    await Promise.race([ended, delay(240_000, undefined, { ref: false })]);
    await this.cut();
  }

  /** The end of what the machine's kernel and systemd have said. */
  lastLines(): string {
    if (!existsSync(this.#console)) return '(the console said nothing)';
    return readFileSync(this.#console, 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n');
  }
}

/** What the machine's store writer says, over all of its lives. */
export const writerLog = ({ scratch }: Pick<MachineParts, 'scratch'>): string =>
  join(scratch, 'writer.log');
const consoleOf = ({ scratch }: MachineParts): string => join(scratch, 'console.log');

/** Nested or without virtualisation the processor is emulated. */
export const accelerator = (): 'kvm' | 'tcg' =>
  existsSync('/dev/kvm') && /\b(vmx|svm)\b/.test(readFileSync('/proc/cpuinfo', 'utf8'))
    ? 'kvm'
    : 'tcg';

/**
 * Emulated, the machine's clock counts instructions, one a nanosecond, whatever the emulator needs for them: the machine
 * sees a steady processor, the gate's own deadlines hold as on a board, and a busy host changes nothing. By that clock a
 * frame takes the gate a quarter of a second; a processor with wider vectors would cost the emulator many times more.
 */
const processor = (): readonly string[] =>
  accelerator() === 'kvm'
    ? ['-accel', 'kvm', '-cpu', 'host', '-smp', '2']
    : [
        '-accel',
        'tcg',
        '-cpu',
        'SandyBridge,-x2apic,-tsc-deadline',
        '-smp',
        '1',
        '-icount',
        'shift=0',
        '-rtc',
        'clock=vm',
      ];

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

interface Ports {
  readonly agent: string;
  readonly observer: string;
}

function argumentsFor(parts: MachineParts, ports: Ports): string[] {
  const { folder, disk, payload, state } = parts;
  const port = (name: keyof Ports): readonly string[] => [
    ...['-chardev', `socket,id=${name},path=${ports[name]},server=on,wait=off`],
    ...['-device', `virtserialport,chardev=${name},name=bench.${name}`],
  ];
  return [
    ['-M', 'q35', '-m', '2G', ...processor()],
    ['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ['-serial', `file:${consoleOf(parts)}`],
    ['-kernel', join(folder, 'kernel'), '-initrd', join(folder, 'initrd.gz')],
    ['-append', 'console=ttyS0 quiet loglevel=3 mitigations=off panic=-1'],
    ['-drive', `file=${disk},format=qcow2,if=none,id=disk,cache=writeback`],
    ['-device', 'virtio-blk-pci,drive=disk', '-device', 'virtio-rng-pci'],
    ['-drive', `file=${payload},format=raw,if=none,id=payload,readonly=on`],
    ['-device', 'virtio-blk-pci,drive=payload'],
    ['-drive', `file=${state},format=raw,if=none,id=state,cache=writeback`],
    ['-device', 'virtio-blk-pci,drive=state'],
    ['-device', 'virtio-serial-pci', ...port('agent'), ...port('observer')],
    ['-chardev', `file,id=writer,path=${writerLog(parts)},append=on`],
    ['-device', 'virtserialport,chardev=writer,name=bench.writer'],
  ].flat();
}
