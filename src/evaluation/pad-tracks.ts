import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { EvaluationError } from '../domain/errors.ts';
import { MESH_POINTS } from '../domain/face.ts';

/** Frames a second of the source clips; a frame's number over this is its time. */
export const PAD_FRAMES_PER_SECOND = 25;

/** [x, y] in pixels, rounded as the writer pleases. */
export type PadMesh = readonly (readonly [number, number])[];

const isMesh = (value: unknown): value is PadMesh =>
  Array.isArray(value) &&
  value.length === MESH_POINTS &&
  value.every(
    (point: unknown) =>
      Array.isArray(point) &&
      point.length === 2 &&
      Number.isFinite(point[0]) &&
      Number.isFinite(point[1]),
  );

const probability = z.number().min(0).max(1);
const probabilities = z.tuple([probability, probability, probability]).readonly();
const name = z.string().min(1);

const frame = z.object({
  frame: z.int().nonnegative(),
  score: probability,
  /** Left, top, right and bottom edge. */
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]).readonly(),
  /** Classes of the passive network on crops at 2.0 and 2.7 times the box, and the antispoof score. */
  pad: z.object({ bgr2: probabilities, 'bgr2.7': probabilities, antispoof: probability }),
  // Thousands of pairs a clip: checked by hand, because a schema of pairs takes ten times as long.
  mesh: z.custom<PadMesh>(isMesh, `must be ${MESH_POINTS} pairs of numbers`),
});

const track = z.object({
  clip: name,
  person: name,
  label: z.enum(['bona-fide', 'attack']),
  /** 'bona-fide', or the species of the attack. */
  species: name,
  frames: z.array(frame).min(1).readonly(),
});

export type PadFrame = Readonly<z.infer<typeof frame>>;
/** One presentation, measured frame by frame: a line of a tracks file. */
export type PadTrack = Readonly<z.infer<typeof track>>;

/**
 * Reads a file of tracks, one JSON object a line, gzipped when its name ends in .gz.
 * @throws PORTICO_EVALUATION_DATA naming the line
 */
export async function readPadTracks(path: string): Promise<readonly PadTrack[]> {
  const tracks: PadTrack[] = [];
  try {
    const file = createReadStream(path);
    const input = path.endsWith('.gz') ? pipeline(file) : file;
    let line = 0;
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      line += 1;
      if (text.trim() !== '') tracks.push(parseLine(text, `${path}, line ${line}`));
    }
  } catch (cause) {
    if (cause instanceof EvaluationError) throw cause;
    throw new EvaluationError('PORTICO_EVALUATION_DATA', {
      message: `${path} cannot be read`,
      remedy: 'Give the path of a tracks file (JSON lines, .jsonl or .jsonl.gz).',
      cause,
    });
  }
  return tracks;
}

/** A stream's own `pipe` drops the source's errors; this hands them on. */
function pipeline(file: ReturnType<typeof createReadStream>): ReturnType<typeof createGunzip> {
  const gunzip = createGunzip();
  file.on('error', (cause) => gunzip.destroy(cause));
  return file.pipe(gunzip);
}

function parseLine(text: string, where: string): PadTrack {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw faulty(where, 'it is not JSON', cause);
  }
  const parsed = track.safeParse(value);
  if (!parsed.success) throw faulty(where, z.prettifyError(parsed.error));
  const { label, species } = parsed.data;
  if ((label === 'bona-fide') !== (species === 'bona-fide')) {
    throw faulty(where, `label '${label}' and species '${species}' contradict each other`);
  }
  return parsed.data;
}

function faulty(where: string, what: string, cause?: unknown): EvaluationError {
  return new EvaluationError('PORTICO_EVALUATION_DATA', {
    message: `${where}: ${what}`,
    remedy: 'Write one track a line, as docs/liveness.md describes.',
    cause,
  });
}
