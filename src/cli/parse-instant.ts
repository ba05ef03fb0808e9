import { PorticoError } from '../domain/errors.ts';
import { type WallMs, wallMs } from '../domain/units.ts';

/** A date of the command line. @throws PORTICO_USAGE */
export function parseInstant(text: string): WallMs {
  const value = Date.parse(text);
  if (Number.isFinite(value)) return wallMs(value);
  throw new PorticoError('PORTICO_USAGE', {
    message: `"${text}" is not a date`,
    remedy: 'Write dates as 2027-06-30 or 2027-06-30T18:00:00+02:00.',
  });
}
