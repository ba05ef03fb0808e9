import { InvalidArgumentError } from 'commander';

/** A reader of whole numbers from the command line. It throws a usage fault for anything else. */
export const countFrom =
  (low: number, high: number) =>
  (text: string): number => {
    const count = Number(text);
    if (/^\d+$/.test(text) && count >= low && count <= high) return count;
    throw new InvalidArgumentError(`a whole number from ${low} to ${high}`);
  };

export const parseCount = countFrom(1, 1_000_000);
