import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFault } from './model-faults.ts';
import { abandonedFiles, temporaryName } from './temporary-names.ts';

export interface Arrival {
  /** Names the content, not the place it comes from: part of its expected digest. */
  readonly key: string;
  /** Puts all of the content at `partial`, continuing what may be there. */
  readonly fetch: (partial: string) => Promise<void>;
  /** True when the file is what it must be. */
  readonly isRight: (path: string) => Promise<boolean>;
  /** @throws always, saying what is wrong with the file */
  readonly refuse: () => never;
}

/** Fetched files that a later step still needs, and halves that a later run can continue. */
export class Downloads {
  readonly #folder: string;

  constructor(cacheDir: string) {
    this.#folder = join(cacheDir, 'downloads');
  }

  /**
   * The path of a checked file, fetched unless an earlier run already did.
   * @throws what `fetch` and `refuse` throw, or PORTICO_MODEL_CACHE
   */
  async obtain({ key, fetch, isRight, refuse }: Arrival): Promise<string> {
    const path = join(this.#folder, key);
    if (await isRight(path)) return path;
    const partial = await this.#partial(key);
    const continued = partial.adopted;
    await fetch(partial.path);
    if (!(await isRight(partial.path))) {
      await rm(partial.path, { force: true });
      // What was continued may have been the beginning of something else: once more from nothing.
      if (continued) return this.obtain({ key, fetch, isRight, refuse });
      return refuse();
    }
    await rename(partial.path, path);
    return path;
  }

  /** Forgets a fetched file that no model needs any more. */
  async release(key: string): Promise<void> {
    await rm(join(this.#folder, key), { force: true });
    const left = await readdir(this.#folder).catch(() => undefined);
    if (left?.length === 0) await rmdir(this.#folder).catch(() => undefined);
  }

  /** A name of our own; the unfinished file of a run that died is taken over under it. */
  async #partial(key: string): Promise<{ readonly path: string; readonly adopted: boolean }> {
    const path = join(this.#folder, temporaryName(key, 'partial'));
    try {
      await mkdir(this.#folder, { recursive: true });
      const [abandoned, ...others] = await abandonedFiles(this.#folder, key, 'partial');
      for (const other of others) await rm(other, { force: true });
      if (abandoned === undefined) return { path, adopted: false };
      // Another run may take it first; then there is nothing to continue.
      const adopted = await rename(abandoned, path).then(
        () => true,
        () => false,
      );
      return { path, adopted };
    } catch (cause) {
      return cacheFault({ file: this.#folder, what: 'cannot be written', cause });
    }
  }
}
