import { Worker } from 'node:worker_threads';
import { ModelError, PorticoError } from '../domain/errors.ts';
import type { PhotoReading, PhotoReply, PhotoSetup } from './photo-messages.ts';

/**
 * Reads one photograph in a thread of its own, which ends with it: a photograph that cannot be digested
 * harms neither the door's vision nor the main thread.
 * @throws PORTICO_MODEL_*, PORTICO_VISION_FAILED
 */
export function readPhotoApart(setup: PhotoSetup): Promise<PhotoReading> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./photo-worker.js', import.meta.url), {
      workerData: setup,
      name: 'photo',
    });
    worker.once('message', (reply: PhotoReply) => {
      if (reply.outcome === 'fault') reject(new ModelError(reply.fault.code, reply.fault));
      else resolve(reply);
    });
    worker.once('error', (cause) => reject(failed(cause)));
    worker.once('exit', () => reject(failed('it ended without a word')));
  });
}

const failed = (cause: unknown): PorticoError =>
  new PorticoError('PORTICO_VISION_FAILED', {
    message: `a photograph could not be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: 'Try again; if it comes back, look at the memory of the machine.',
    cause,
  });
