import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cacheFault } from './model-faults.ts';
import { abandonedFiles, temporaryName } from './temporary-names.ts';

/**
 * Writes a file so that under its name there is, at every moment, either nothing or all of it,
 * also after a power cut.
 * @throws PORTICO_MODEL_CACHE when the folder cannot be written
 */
export async function storeFile(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, temporaryName(basename(path), 'tmp'));
  try {
    await mkdir(folder, { recursive: true });
    for (const left of await abandonedFiles(folder, basename(path), 'tmp')) {
      await rm(left, { force: true });
    }
    await writeDurably(temporary, bytes);
    await rename(temporary, path);
    await syncFolder(folder);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    cacheFault({ file: path, what: 'cannot be written', cause });
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
