import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
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
  const temporary = `${path}.new`;
  const text = JSON.stringify(calibration, undefined, 2).replace(NUMBERS, '[$1, $2]');
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(`${text}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  return path;
}
