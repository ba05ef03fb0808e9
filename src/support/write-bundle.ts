import { createWriteStream, rmSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';

/** One file of a bundle. */
export interface BundleEntry {
  readonly name: string;
  readonly text: string;
}

/**
 * Packs the files into one new .tar.gz that its owner alone can read; all of it or nothing.
 * @param folder  in which they lie within the archive
 * @throws the file system's fault, EEXIST where something stands at the path
 */
export async function writeBundle(
  path: string,
  folder: string,
  entries: readonly BundleEntry[],
): Promise<void> {
  const archive = pack();
  for (const { name, text } of entries) {
    archive.entry({ name: `${folder}/${name}`, mode: 0o600 }, text);
  }
  archive.finalize();
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  let isOurs = false;
  file.once('open', () => {
    isOurs = true;
  });
  try {
    await pipeline(archive, createGzip(), file);
  } catch (error) {
    if (isOurs) rmSync(path, { force: true });
    throw error;
  }
}
