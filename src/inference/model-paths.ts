import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import type { ModelManifest } from './manifest.ts';

/** One file that must stand in the cache, and the digest it must have. */
export interface CachedFile {
  readonly name: string;
  readonly path: string;
  /** What it holds: `model.onnx`, or the name that the manifest gives the source file. */
  readonly content: string;
  readonly sha256: string;
}

const PREFIX_LENGTH = 16;

/**
 * Where the prepared files of a model belong. The folder carries the beginning of the digest, so
 * that two versions of Portico with different weights can share one cache.
 */
export function cachedFiles(cacheDir: string, manifest: ModelManifest): readonly CachedFile[] {
  if (manifest.kind === 'network') {
    const { sha256 } = manifest.prepared;
    const path = join(cacheDir, manifest.id, sha256.slice(0, PREFIX_LENGTH), 'model.onnx');
    return [{ name: 'model.onnx', path, content: 'model.onnx', sha256 }];
  }
  const { files } = manifest.source;
  const digest = createHash('sha256');
  for (const file of files) digest.update(file.sha256);
  const folder = join(cacheDir, manifest.id, digest.digest('hex').slice(0, PREFIX_LENGTH));
  return files.map((file) => {
    const content = 'path' in file ? file.path : file.url;
    const name = basename('path' in file ? file.path : new URL(file.url).pathname);
    return { name, path: join(folder, name), content, sha256: file.sha256 };
  });
}
