import { mkdtempSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { CameraOptions } from '../../device/camera/camera-options.ts';
import { parseCameraSpec } from '../../device/camera/camera-spec.ts';
import { openCamera } from '../../device/camera/open-camera.ts';
import { DEFAULT_SEARCH_PATH, findProgram } from '../../device/camera/program-search.ts';
import { systemClock } from '../../device/clock/system-clock.ts';
import type { Camera } from '../../src/domain/ports/camera.ts';
import { RecordingLogger } from '../helpers/recording-logger.ts';

export const SIZE = { widthPx: 320, heightPx: 240 };

/** A camera of the size of the tests, on the clock of the machine. */
export const make = (spec: string, options: Partial<CameraOptions> = {}): Promise<Camera> =>
  openCamera(parseCameraSpec(spec), {
    clock: systemClock,
    logger: new RecordingLogger(),
    size: SIZE,
    ...options,
  });

export const has = (program: string): boolean =>
  findProgram(program, DEFAULT_SEARCH_PATH) !== undefined;

/** The reason not to run, when a program is missing. */
export function missing(...programs: readonly string[]): { readonly skip?: string } {
  const absent = programs.filter((program) => !has(program));
  return absent.length === 0 ? {} : { skip: `not installed: ${absent.join(', ')}` };
}

/** @returns a search path on which only these programs are found */
export function linkPrograms(parent: string, ...names: readonly string[]): string {
  const folder = mkdtempSync(join(parent, 'programs-'));
  for (const name of names) {
    const path = findProgram(name, DEFAULT_SEARCH_PATH);
    if (path !== undefined) symlinkSync(path, join(folder, name));
  }
  return folder;
}
