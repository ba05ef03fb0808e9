import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { LivenessFusion } from '../domain/liveness-fusion.ts';
import { fitLivenessFusion } from './pad-fit.ts';
import { readPadTracks } from './pad-tracks.ts';

export interface FitFileOptions {
  readonly tracksFile: string;
  /** `models/liveness-fusion/weights.json` for the shipped one. */
  readonly outFile: string;
  readonly dataName: string;
  /** YYYY-MM-DD. */
  readonly date: string;
}

/** Digits that a weight is worth: the fit itself is no more certain than two. */
const DIGITS = 5;

/**
 * Fits the liveness fusion to a file of tracks and writes the weights, whole or not at all.
 * @throws PORTICO_EVALUATION_DATA for a faulty file or too little data
 */
export async function fitLivenessFusionFile(options: FitFileOptions): Promise<LivenessFusion> {
  const tracks = await readPadTracks(options.tracksFile);
  const fusion = fitLivenessFusion(tracks, options);
  const { outFile } = options;
  await mkdir(dirname(outFile), { recursive: true });
  const temporary = `${dirname(outFile)}/.${basename(outFile)}.new`;
  await writeFile(temporary, `${weightsJson(fusion)}\n`);
  await rename(temporary, outFile);
  return fusion;
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
