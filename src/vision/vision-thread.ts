import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../domain/ports/clock.ts';
import type { VisionReply, VisionRequest, VisionSetup } from './vision-messages.ts';

/** A running vision worker, as its client sees it. */
export interface VisionThread {
  post(request: VisionRequest): void;
  /** Resolves when the worker is gone and reads no slot any more. */
  terminate(): Promise<void>;
}

export interface VisionThreadListener {
  onReply(reply: VisionReply): void;
  /** The worker ended without being asked to. */
  onExit(detail: string): void;
}

export type SpawnVisionThread = (listener: VisionThreadListener) => VisionThread;

/** Far longer than one frame takes on the slowest board. */
const STOP_WITHIN_MS = 10_000;

/** Starts the worker thread of `vision-worker.ts`. */
export function spawnVisionWorker(setup: VisionSetup, clock: Clock): SpawnVisionThread {
  return (listener) => {
    const worker = new Worker(new URL('./vision-worker.js', import.meta.url), {
      workerData: setup,
      name: 'vision',
    });
    worker.on('message', (reply: VisionReply) => listener.onReply(reply));
    worker.on('error', (fault) =>
      listener.onExit(fault instanceof Error ? fault.message : String(fault)),
    );
    worker.on('exit', (code) => listener.onExit(`exit code ${code}`));
    return {
      post: (request) => worker.postMessage(request),
      terminate: async () => {
        worker.removeAllListeners();
        // Errors while it is torn down concern nobody any more.
        worker.on('error', () => undefined);
        await ended(worker, clock);
      },
    };
  };
}

/**
 * Asks the worker to end by itself and forces it only when it does not answer: a thread that is stopped
 * inside the engine's native code takes the whole process with it.
 */
async function ended(worker: Worker, clock: Clock): Promise<void> {
  const exited = once(worker, 'exit').then(() => undefined);
  const patience = new AbortController();
  const impatient = clock.sleep(STOP_WITHIN_MS, patience.signal).then(
    async () => {
      await worker.terminate();
    },
    () => undefined,
  );
  worker.postMessage({ kind: 'stop' } satisfies VisionRequest);
  await Promise.race([exited, impatient]);
  patience.abort();
}
