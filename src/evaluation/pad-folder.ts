import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EvaluationError } from '../domain/errors.ts';
import { decodePhoto } from '../frame/decode-photo.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import type { LivenessReading } from '../vision/clip-analyser.ts';
import { type AnalysedFrame, padTrack } from './pad-analysed-frames.ts';
import type { PadTrack } from './pad-tracks.ts';
import type { Progress } from './picture-encoder.ts';

export interface PadFolderOptions {
  /** Holds label/clip/frame.jpg; the label is 'bona-fide' or the species of the attack. */
  readonly root: string;
  readonly analyse: (frame: RgbImage) => Promise<LivenessReading | undefined>;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

const PICTURE = /\.(jpe?g|png|webp)$/i;
const NUMBER_IN_NAME = /(\d+)\.[a-z]+$/i;

/**
 * Turns folders of frames into tracks. A number at the end of a file's name is the frame's number in a clip of
 * 25 frames a second; a clip without a single face is left out, because no gate would have seen anybody.
 * @throws PORTICO_EVALUATION_DATA for a folder without clips; PORTICO_IMAGE_UNREADABLE
 */
export async function padTracksOfFolder(options: PadFolderOptions): Promise<readonly PadTrack[]> {
  const clips = await clipsOf(options.root);
  const tracks: PadTrack[] = [];
  for (const [index, clip] of clips.entries()) {
    options.signal?.throwIfAborted();
    const frames = await analyseClip(clip.path, options);
    const { species, name } = clip;
    if (frames.length > 0) {
      tracks.push(padTrack({ clip: `${species}/${name}`, person: name, species }, frames));
    }
    options.onProgress?.(index + 1, clips.length);
  }
  return tracks;
}

interface ClipFolder {
  readonly species: string;
  readonly name: string;
  readonly path: string;
}

async function clipsOf(root: string): Promise<readonly ClipFolder[]> {
  const clips: ClipFolder[] = [];
  for (const species of await foldersIn(root)) {
    for (const name of await foldersIn(join(root, species))) {
      clips.push({ species, name, path: join(root, species, name) });
    }
  }
  if (clips.length > 0) return clips;
  throw new EvaluationError('PORTICO_EVALUATION_DATA', {
    message: `${root} holds no clips`,
    remedy: 'Arrange the frames as label/clip/frame.jpg; the label is bona-fide or the species.',
  });
}

async function analyseClip(
  path: string,
  { analyse }: PadFolderOptions,
): Promise<readonly AnalysedFrame[]> {
  const names = (await readdir(path)).filter((name) => PICTURE.test(name)).sort();
  const frames: AnalysedFrame[] = [];
  for (const [index, name] of names.entries()) {
    const reading = await analyse(await decodePhoto(join(path, name)));
    if (reading === undefined) continue;
    const { box, mesh, confidence, passive } = reading;
    frames.push({
      frame: Number(NUMBER_IN_NAME.exec(name)?.[1] ?? index),
      detectorScore: confidence,
      box,
      mesh,
      passive: { ...passive, antispoof: passive.antispoof ?? Number.NaN },
    });
  }
  return frames;
}

async function foldersIn(path: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (cause) {
    throw new EvaluationError('PORTICO_EVALUATION_DATA', {
      message: `${path} cannot be read`,
      remedy: 'Check the folder and its permissions.',
      cause,
    });
  }
}
