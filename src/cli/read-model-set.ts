import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PorticoError } from '../domain/errors.ts';
import { MODEL_SET_PATH, type ModelSetFile } from '../inference/model-sets.ts';

/** The files of a folder that a set of models may consist of. @throws PORTICO_USAGE when there are none */
export function readModelSet(folder: string): readonly ModelSetFile[] {
  try {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => MODEL_SET_PATH.test(path))
      .sort()
      .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
    if (files.length > 0) return files;
  } catch (cause) {
    throw noSet(folder, cause);
  }
  throw noSet(folder);
}

const noSet = (folder: string, cause?: unknown): PorticoError =>
  new PorticoError('PORTICO_USAGE', {
    message: `${folder} holds no models`,
    remedy: 'Lay files out as in models/: <id>/manifest.json, and what else changes with it.',
    cause,
  });
