import { join } from 'node:path';
import { EvaluationError } from '../domain/errors.ts';
import type { Face } from '../domain/face.ts';
import { boxArea } from '../face/box-geometry.ts';
import { decodePhoto } from '../frame/decode-photo.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import type { Portrait } from '../synthesis/portrait.ts';
import { FaceFinder } from '../vision/face-finder.ts';
import { meshTwice } from '../vision/mesh-of-photo.ts';
import { StageStopwatch } from '../vision/stage-stopwatch.ts';
import type { VisionStages } from '../vision/vision-stages.ts';
import { labelledPictures } from './labelled-pictures.ts';
import type { Progress } from './picture-encoder.ts';

/** Somebody of whom clips can be made. */
export interface ClipPerson {
  readonly person: string;
  readonly portrait: Portrait;
}

/** Which half of the people: those that the marks are fitted on, or those that they are tested on. */
export type PeopleHalf = 'fit' | 'test';

export interface ClipPeopleOptions {
  readonly stages: VisionStages;
  readonly limit: number;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/** A face with less than this between its edges, in pixels, makes no portrait. */
const LEAST_FACE_PX = 60;

/**
 * People of one half of a folder of labelled photographs, one photograph each.
 * @param root  one folder per person
 * @throws PORTICO_EVALUATION_DATA when there are fewer than two; PORTICO_IMAGE_UNREADABLE
 */
export async function peopleOfFolder(
  root: string,
  half: PeopleHalf,
  options: ClipPeopleOptions,
): Promise<readonly ClipPerson[]> {
  const first = new Map<string, string>();
  for (const { path, person } of await labelledPictures(root)) {
    if (halfOf(person) === half && !first.has(person)) first.set(person, join(root, path));
  }
  const chosen = spreadOut([...first], options.limit);
  return enough(await read(chosen, options, (faces) => faces.slice(0, 1)), root);
}

/**
 * Everybody on some photographs of groups of people; none of them is in the fit.
 * @throws PORTICO_EVALUATION_DATA when there are fewer than two; PORTICO_IMAGE_UNREADABLE
 */
export async function peopleOnPhotographs(
  paths: readonly string[],
  options: ClipPeopleOptions,
): Promise<readonly ClipPerson[]> {
  const photographs = paths.map((path, index): [string, string] => [`photo-${index + 1}`, path]);
  const people = await read(photographs, options, (faces) => faces);
  return enough(people.slice(0, options.limit), 'the photographs');
}

/** By the name alone, so that a person stays in a half when others come or go. Source: FNV-1a */
export function halfOf(person: string): PeopleHalf {
  let hash = 0x811c9dc5;
  for (const letter of person) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return ((hash ^ (hash >>> 15)) & 1) === 0 ? 'fit' : 'test';
}

/** Evenly over the alphabet. */
function spreadOut<T>(all: readonly T[], limit: number): readonly T[] {
  const step = Math.max(1, all.length / limit);
  return all.filter((_, index) => Math.floor((index + 1) / step) > Math.floor(index / step));
}

async function read(
  photographs: readonly (readonly [person: string, path: string])[],
  { stages, onProgress, signal }: ClipPeopleOptions,
  chosenOf: (faces: readonly Face[]) => readonly Face[],
): Promise<readonly ClipPerson[]> {
  const finder = new FaceFinder(stages.detector, stages.detectorImage);
  const people: ClipPerson[] = [];
  for (const [index, [person, path]] of photographs.entries()) {
    signal?.throwIfAborted();
    const image = await decodePhoto(path);
    const faces = (await finder.search(image, new StageStopwatch(() => 0)))
      .filter(({ box }) => Math.min(box.widthPx, box.heightPx) >= LEAST_FACE_PX)
      .toSorted((left, right) => boxArea(right.box) - boxArea(left.box));
    const chosen = chosenOf(faces);
    for (const [at, face] of chosen.entries()) {
      const name = chosen.length === 1 ? person : `${person}-${at + 1}`;
      people.push({ person: name, portrait: await portraitOf(stages, image, face) });
    }
    onProgress?.(index + 1, photographs.length);
  }
  return people;
}

async function portraitOf(
  { mesher }: VisionStages,
  image: RgbImage,
  face: Face,
): Promise<Portrait> {
  const { second } = await meshTwice(mesher, image, face);
  return { image, mesh: second.points };
}

function enough(people: readonly ClipPerson[], source: string): readonly ClipPerson[] {
  if (people.length >= 2) return people;
  throw new EvaluationError('PORTICO_EVALUATION_DATA', {
    message: `${source}: ${people.length} usable faces; clips need two people at least`,
    remedy: 'Give a folder with one folder of photographs per person.',
  });
}
