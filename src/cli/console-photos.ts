import type { PhotoReader, PhotoReading } from '../console/console-ports.ts';
import { encodeJpeg } from '../frame/encode-jpeg.ts';
import { drawAlignedFace } from '../vision/draw-aligned-face.ts';
import type { PhotoAnalyser } from '../vision/photo-analyser.ts';
import { readPhoto } from './read-faces.ts';

const CROP_QUALITY = 88;

/** Reads the page's photographs, one at a time: the models are one set, and the memory is not endless. */
export class ConsolePhotos implements PhotoReader {
  readonly #analyser: PhotoAnalyser;
  #line: Promise<unknown> = Promise.resolve();

  constructor(analyser: PhotoAnalyser) {
    this.#analyser = analyser;
  }

  read(photo: Uint8Array): Promise<PhotoReading> {
    const turn = this.#line.then(() => this.#read(photo));
    this.#line = turn.catch(() => undefined);
    return turn;
  }

  async #read(photo: Uint8Array): Promise<PhotoReading> {
    const reading = await readPhoto(this.#analyser, photo);
    if (reading.outcome === 'refused') return { outcome: 'refused', reason: reading.reason };
    const { face, image } = reading;
    const crop = await encodeJpeg(drawAlignedFace(image, face.landmarks), CROP_QUALITY);
    return { outcome: 'usable', samples: face.embeddings, crop };
  }
}
