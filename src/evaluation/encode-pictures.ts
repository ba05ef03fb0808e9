import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { EvaluationError } from '../domain/errors.ts';
import type { EncodedPicture, Progress } from './picture-encoder.ts';

export interface EncodePicturesOptions<Encoded = EncodedPicture> {
  readonly root: string;
  /** What is kept of a picture file; the embedding of one encoder, or those of several. */
  readonly encodePicture: (file: string) => Promise<Encoded>;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Encodes each distinct picture once, in the order of the list.
 * @param paths  relative to the root; repeats cost nothing
 * @returns by path
 * @throws PORTICO_EVALUATION_DATA when a file is missing: before the first picture is encoded, not after an hour
 */
export async function encodePictures<Encoded>(
  paths: readonly string[],
  { root, encodePicture, onProgress, signal }: EncodePicturesOptions<Encoded>,
): Promise<ReadonlyMap<string, Encoded>> {
  const distinct = [...new Set(paths)];
  await assertAllExist(root, distinct);
  const encoded = new Map<string, Encoded>();
  for (const path of distinct) {
    signal?.throwIfAborted();
    encoded.set(path, await encodePicture(join(root, path)));
    onProgress?.(encoded.size, distinct.length);
  }
  return encoded;
}

async function assertAllExist(root: string, paths: readonly string[]): Promise<void> {
  const missing: string[] = [];
  for (const path of paths) {
    const exists = await access(join(root, path)).then(
      () => true,
      () => false,
    );
    if (!exists) missing.push(path);
  }
  const [first] = missing;
  if (first === undefined) return;
  throw new EvaluationError('PORTICO_EVALUATION_DATA', {
    message: `${missing.length} of ${paths.length} pictures are not under ${root}, the first is ${first}`,
    remedy: 'Give the folder that the paths of the list are relative to with --root.',
    context: { root, first },
  });
}
