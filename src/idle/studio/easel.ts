import { fork } from 'node:child_process';
import { PorticoError } from '../../domain/errors.ts';
import type { EaselReply, EaselRequest } from './easel-messages.ts';

export interface EaselListener {
  onReply(reply: EaselReply): void;
  /** The process is gone, asked or not. */
  onExit(): void;
}

/** A running painter's process. */
export interface EaselProcess {
  post(request: EaselRequest): void;
  /** At once, in the middle of a run if need be. */
  kill(): void;
}

export type SpawnEasel = (listener: EaselListener) => EaselProcess;

/** Starts `easel-process.ts`: what it leaves behind in the engine's memory goes when it goes. */
export const spawnEasel: SpawnEasel = (listener) => {
  const child = fork(new URL('./easel-process.js', import.meta.url), {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.on('message', (reply: EaselReply) => listener.onReply(reply));
  // 'exit' follows, but for a process that could not be started at all.
  child.on('error', () => {
    if (child.pid === undefined) listener.onExit();
  });
  child.once('exit', () => listener.onExit());
  return {
    post: (request) => {
      if (child.connected) child.send(request);
    },
    kill: () => void child.kill('SIGKILL'),
  };
};

interface Run {
  readonly resolve: (reply: EaselReply) => void;
  readonly reject: (fault: PorticoError) => void;
}

/** The painter's process as the studio sees it: one request at a time, and nothing runs between. */
export class Easel {
  readonly #process: EaselProcess;
  readonly #waitingForRest = new Set<() => void>();
  #run: Run | undefined;
  #isGone = false;

  constructor(spawn: SpawnEasel) {
    this.#process = spawn({
      onReply: (reply) => this.#end((run) => run.resolve(reply)),
      onExit: () => {
        this.#isGone = true;
        this.#end((run) => run.reject(gone()));
      },
    });
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** @throws PORTICO_ART_UNAVAILABLE when it fails, or goes before it has answered */
  async ask(request: EaselRequest): Promise<EaselReply> {
    if (this.#isGone) throw gone();
    const reply = await new Promise<EaselReply>((resolve, reject) => {
      this.#run = { resolve, reject };
      this.#process.post(request);
    });
    if (reply.kind === 'failed') throw failed(reply.detail);
    return reply;
  }

  /** Resolves when no run is in work: now, or at its end. */
  rests(): Promise<void> {
    if (this.#run === undefined) return Promise.resolve();
    return new Promise((resolve) => this.#waitingForRest.add(resolve));
  }

  kill(): void {
    this.#process.kill();
  }

  #end(tell: (run: Run) => void): void {
    const run = this.#run;
    this.#run = undefined;
    for (const resolve of this.#waitingForRest) resolve();
    this.#waitingForRest.clear();
    if (run !== undefined) tell(run);
  }
}

const gone = (): PorticoError =>
  new PorticoError('PORTICO_ART_UNAVAILABLE', {
    message: "the painter's process ended in the middle of its work",
    remedy: 'It is started again; if that goes on, look at memory and temperature.',
  });

const failed = (detail: string): PorticoError =>
  new PorticoError('PORTICO_ART_UNAVAILABLE', {
    message: `the painter failed: ${detail}`,
    remedy: 'Run `portico art run` in a terminal and read its log.',
  });
