import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile } from '../disk/durable-file.ts';
import type { LivenessFusion } from '../domain/liveness-fusion.ts';

/** Digits that a weight is worth: the fit itself is no more certain than two. */
const DIGITS = 5;

/** Writes fitted weights, whole or not at all. */
export async function writeLivenessFusion(file: string, fusion: LivenessFusion): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  replaceFile(file, `${weightsJson(fusion)}\n`);
}

/** JSON with rounded numbers; a row of numbers takes one line. */
export function weightsJson(fusion: LivenessFusion): string {
  const rounded = (_key: string, value: unknown): unknown =>
    typeof value === 'number' && !Number.isInteger(value)
      ? Number(value.toPrecision(DIGITS))
      : value;
  return JSON.stringify(fusion, rounded, 2).replace(
    /\[\s+(-?[\d.eE+-]+(?:,\s+-?[\d.eE+-]+)*)\s+\]/g,
    (_match, row: string) => `[${row.replace(/\s+/g, ' ')}]`,
  );
}
