import { InvalidArgumentError } from 'commander';

/** A whole number from the command line, 1 at least. @throws a usage fault for anything else */
export function parseCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= 1_000_000) return count;
  throw new InvalidArgumentError('a whole number from 1 to 1000000');
}
