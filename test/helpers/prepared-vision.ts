import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Point } from '../../src/domain/face.ts';
import { decodePhoto } from '../../src/frame/decode-photo.ts';
import { type Catalogue, openCatalogue } from '../../src/inference/catalogue.ts';
import type { RgbImage } from '../../src/numeric/sample-image.ts';
import { assembleOptions } from '../../src/vision/assemble-options.ts';
import type { VisionOptions } from '../../src/vision/vision-options.ts';

/** The repository's own manifests and calibrations. */
export const modelsDir = fileURLToPath(new URL('../../../models', import.meta.url));
const cacheDir = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'portico',
  'models',
);

/** The shipped models as this machine has prepared them. */
export const preparedCatalogue = (): Catalogue => openCatalogue({ modelsDir, cacheDir });

export function preparedVision(encoder = 'mobilefacenet-512'): VisionOptions {
  return assembleOptions(preparedCatalogue(), {
    encoders: [encoder],
    providers: { ladder: ['cpu'], minimum: 'cpu', threads: 2 },
  });
}

/** Why tests on real models cannot run, for node:test's skip; false when they can. */
export function unprepared(): string | false {
  try {
    preparedVision();
    preparedCatalogue().pictures('demo-photos');
    return false;
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault);
    return `${why}; run: portico models prepare`;
  }
}

/** One of the photographs that the demonstration is made of. */
export function demoPhoto(name: string): Promise<RgbImage> {
  const file = preparedCatalogue()
    .pictures('demo-photos')
    .find((picture) => picture.name === name);
  if (file === undefined) throw new Error(`there is no ${name}`);
  return decodePhoto(file.path);
}

/** A camera frame that shows the part of a photograph round a point, `zoom` times as large. */
export function frameOf(photo: RgbImage, centre: Point, zoom: number): RgbImage {
  const [widthPx, heightPx] = [640, 480];
  const rgb = new Uint8Array(widthPx * heightPx * 3);
  for (let y = 0; y < heightPx; y += 1) {
    const fromY = Math.round((y - heightPx / 2) / zoom + centre.yPx);
    for (let x = 0; x < widthPx; x += 1) {
      const fromX = Math.round((x - widthPx / 2) / zoom + centre.xPx);
      if (fromX < 0 || fromY < 0 || fromX >= photo.widthPx || fromY >= photo.heightPx) continue;
      const from = (fromY * photo.widthPx + fromX) * 3;
      rgb.set(photo.rgb.subarray(from, from + 3), (y * widthPx + x) * 3);
    }
  }
  return { rgb, widthPx, heightPx };
}
