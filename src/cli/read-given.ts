import { readFileSync } from 'node:fs';
import { PorticoError } from '../domain/errors.ts';

/** The text of a file that somebody named on the command line. @throws PORTICO_USAGE when it cannot be read */
export function readGiven(path: string, remedy: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new PorticoError('PORTICO_USAGE', { message: `${path} cannot be read`, remedy, cause });
  }
}
