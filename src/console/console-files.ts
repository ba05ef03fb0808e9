import { readFile } from 'node:fs/promises';
import { PorticoError } from '../domain/errors.ts';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Every file of the page; a request never touches the file system. */
export const CONSOLE_FILES: readonly string[] = [
  'index.html',
  'style.css',
  'parts.css',
  'icon.svg',
  'main.js',
  'api.js',
  'dialog.js',
  'dom.js',
  'events-view.js',
  'format.js',
  'gates-view.js',
  'language.js',
  'live.js',
  'lock-down.js',
  'messages-en.js',
  'messages-zh-hans.js',
  'notices.js',
  'people-view.js',
  'person-dialog.js',
  'photo-intake.js',
  'shortcuts.js',
  'site-view.js',
  'webcam.js',
];

export interface ConsoleFile {
  readonly body: Buffer;
  readonly type: string;
}

/**
 * The page, read once, by its path.
 * @throws PORTICO_CONSOLE_UNAVAILABLE if a file of it is missing
 */
export async function loadConsoleFiles(
  folder: URL = new URL('./page/', import.meta.url),
): Promise<ReadonlyMap<string, ConsoleFile>> {
  const entries = CONSOLE_FILES.map(async (name): Promise<[string, ConsoleFile]> => {
    try {
      const body = await readFile(new URL(name, folder));
      const type = TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
      return [name === 'index.html' ? '/' : `/${name}`, { body, type }];
    } catch (cause) {
      throw new PorticoError('PORTICO_CONSOLE_UNAVAILABLE', {
        message: `the console's file ${name} cannot be read`,
        remedy: 'Install Portico again, or run `npm run build`.',
        cause,
      });
    }
  });
  return new Map(await Promise.all(entries));
}
