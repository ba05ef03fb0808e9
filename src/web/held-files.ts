import { readFile } from 'node:fs/promises';

const TYPES = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
} as const;

/** A file of a page by its name: what it is shows in the ending. */
export type PageFileName = `${string}.${keyof typeof TYPES}`;

export interface HeldFile {
  readonly body: Buffer;
  readonly type: string;
}

/**
 * A page's files, read once, by their paths; `index.html` is the root. Requests never touch the file system.
 * @param missing  the fault of a file that cannot be read
 * @throws what `missing` makes
 */
export async function holdFiles(
  folder: URL,
  names: readonly PageFileName[],
  missing: (name: string, cause: unknown) => Error,
): Promise<ReadonlyMap<string, HeldFile>> {
  const entries = names.map(async (name): Promise<[string, HeldFile]> => {
    try {
      const body = await readFile(new URL(name, folder));
      return [name === 'index.html' ? '/' : `/${name}`, { body, type: typeOf(name) }];
    } catch (cause) {
      throw missing(name, cause);
    }
  });
  return new Map(await Promise.all(entries));
}

function typeOf(name: PageFileName): string {
  const ending = name.slice(name.lastIndexOf('.') + 1);
  return Object.entries(TYPES).find(([known]) => known === ending)?.[1] ?? '';
}
