import { InvariantError, PorticoError } from '../domain/errors.ts';

/** Whatever was thrown, as a fault that can be reported: what we did not foresee is our defect. */
export function asFault(error: unknown): PorticoError {
  if (error instanceof PorticoError) return error;
  return new InvariantError('PORTICO_INVARIANT_BROKEN', {
    message: `unforeseen: ${error instanceof Error ? error.message : String(error)}`,
    remedy: 'This is a defect in Portico; please report it with the log.',
    cause: error,
  });
}
