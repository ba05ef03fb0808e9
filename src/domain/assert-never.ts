import { InvariantError } from './errors.ts';

/** Closes an exhaustive switch: the compiler rejects a forgotten case, and so does the run time. */
export function assertNever(value: never): never {
  throw new InvariantError('PORTICO_INVARIANT_UNREACHABLE', {
    message: `unexpected value: ${JSON.stringify(value)}`,
    remedy: 'This is a defect in Portico; please report it with the log.',
  });
}
