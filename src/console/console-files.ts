import { PorticoError } from '../domain/errors.ts';
import { type HeldFile, holdFiles, type PageFileName } from '../web/held-files.ts';

/** Every file of the page; a request never touches the file system. */
export const CONSOLE_FILES: readonly PageFileName[] = [
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
  'picture-dialog.js',
  'shortcuts.js',
  'site-view.js',
  'webcam.js',
];

/**
 * The page, read once, by its path.
 * @throws PORTICO_CONSOLE_UNAVAILABLE if a file of it is missing
 */
export const loadConsoleFiles = (
  folder: URL = new URL('./page/', import.meta.url),
): Promise<ReadonlyMap<string, HeldFile>> =>
  holdFiles(
    folder,
    CONSOLE_FILES,
    (name, cause) =>
      new PorticoError('PORTICO_CONSOLE_UNAVAILABLE', {
        message: `the console's file ${name} cannot be read`,
        remedy: 'Install Portico again, or run `npm run build`.',
        cause,
      }),
  );
