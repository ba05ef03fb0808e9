import { Worker } from 'node:worker_threads';
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

/** Starts the worker thread of `vision-worker.ts`. */
export function spawnVisionWorker(setup: VisionSetup): SpawnVisionThread {
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
        await worker.terminate();
      },
    };
  };
}
