// Entry of a worker thread that reads one photograph, apart from the door's own vision, and ends.
import { parentPort, workerData } from 'node:worker_threads';
import { PorticoError } from '../domain/errors.ts';
import { decodePhoto } from '../frame/decode-photo.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import { faultRecordOf } from './fault-record.ts';
import { PhotoAnalyser } from './photo-analyser.ts';
import type { PhotoReply, PhotoSetup } from './photo-messages.ts';

/** An interlaced picture is held whole while it is decoded: no more than 150 MiB beside the door. */
const MOST_PIXELS = 50_000_000;
const { options, photo }: PhotoSetup = workerData;

async function read(): Promise<PhotoReply> {
  const image = await decoded();
  if (image === undefined) return { outcome: 'unreadable' };
  const analyser = await PhotoAnalyser.open(options);
  try {
    const { faceCount, face } = await analyser.analyse(image);
    if (face === undefined) return { outcome: 'read', faceCount, face: undefined };
    const { quality, embeddings } = face;
    return { outcome: 'read', faceCount, face: { quality, embeddings } };
  } finally {
    await analyser.close();
  }
}

async function decoded(): Promise<RgbImage | undefined> {
  try {
    return await decodePhoto(photo, MOST_PIXELS);
  } catch (error) {
    if (error instanceof PorticoError && error.code === 'PORTICO_IMAGE_UNREADABLE')
      return undefined;
    throw error;
  }
}

const reply = await read().catch(
  (fault: unknown): PhotoReply => ({ outcome: 'fault', fault: faultRecordOf(fault) }),
);
parentPort?.postMessage(reply);
