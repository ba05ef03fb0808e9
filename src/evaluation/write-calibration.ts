import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../disk/durable-file.ts';
import type { Calibration } from '../domain/calibration.ts';

/** An array of numbers alone, as `JSON.stringify` spreads it over lines. */
const NUMBERS = /\[\n\s+([-\d.e+]+),\n\s+([-\d.e+]+)\n\s+\]/g;

/**
 * Writes `<modelsDir>/<modelId>/calibration.json`: whole or not at all.
 * @returns the path
 * @throws what the file system throws
 */
export async function writeCalibration(
  modelsDir: string,
  calibration: Calibration,
): Promise<string> {
  const folder = join(modelsDir, calibration.modelId);
  // A fused encoder is no model and has no folder of its own yet.
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'calibration.json');
  const text = JSON.stringify(calibration, undefined, 2).replace(NUMBERS, '[$1, $2]');
  replaceFile(path, `${text}\n`);
  return path;
}
