import { PorticoError } from '../domain/errors.ts';

/** @throws PORTICO_NUMERIC_SHAPE when the claim about two sizes is false */
export function assertSameLength(what: string, left: number, right: number): void {
  if (left === right) return;
  throw new PorticoError('PORTICO_NUMERIC_SHAPE', {
    message: `${what}: lengths ${left} and ${right} differ`,
    remedy: 'Compare vectors of one encoder only.',
  });
}
