import type { Box } from '../domain/face.ts';
import type { ModelSession } from '../inference/session.ts';
import { type RgbImage, sampleImage, type TensorImage } from '../numeric/sample-image.ts';
import type { PassiveScores } from './liveness-sample.ts';
import { passiveCrop } from './passive-crop.ts';

/** A network and the picture inside its input. */
export interface PassiveNet {
  readonly session: ModelSession;
  readonly image: TensorImage;
}

const WIDE_SCALE = 2.7;
const TIGHT_SCALE = 2.0;
const ANTISPOOF_SCALE = 1.4;

/** The single-frame networks of the fusion: one on two crops, another on a narrow one. */
export class PassiveNets {
  readonly #minifas: PassiveNet;
  readonly #antispoof: PassiveNet;

  constructor(minifas: PassiveNet, antispoof: PassiveNet) {
    this.#minifas = minifas;
    this.#antispoof = antispoof;
  }

  /** @param box  the detector's. @throws PORTICO_MODEL_RUN */
  async score(frame: RgbImage, box: Box): Promise<PassiveScores> {
    const wide = await this.#classes(frame, box, WIDE_SCALE);
    const tight = await this.#classes(frame, box, TIGHT_SCALE);
    await run(this.#antispoof, frame, box, ANTISPOOF_SCALE);
    const antispoof = this.#antispoof.session.output(undefined, 1)[0] ?? Number.NaN;
    return { wide, tight, antispoof };
  }

  async #classes(frame: RgbImage, box: Box, scale: number): Promise<PassiveScores['wide']> {
    await run(this.#minifas, frame, box, scale);
    return softmax(this.#minifas.session.output(undefined, 3));
  }
}

async function run(net: PassiveNet, frame: RgbImage, box: Box, scale: number): Promise<void> {
  sampleImage(frame, passiveCrop(box, frame, scale, net.image.widthPx), net.image);
  await net.session.run();
}

/** Probabilities of three logits. */
function softmax(logits: Float32Array): PassiveScores['wide'] {
  const [first = Number.NaN, second = Number.NaN, third = Number.NaN] = logits;
  const largest = Math.max(first, second, third);
  const exponentials = [first, second, third].map((logit) => Math.exp(logit - largest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  const [bonaFide = Number.NaN, middle = Number.NaN, last = Number.NaN] = exponentials;
  return [bonaFide / sum, middle / sum, last / sum];
}
