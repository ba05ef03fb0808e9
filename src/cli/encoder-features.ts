import { readFileSync } from 'node:fs';
import type { Config } from '../config/schema.ts';
import { decodeGraph } from '../graph/decode-graph.ts';
import { tensorImage } from '../inference/image-input.ts';
import { sampleImage } from '../numeric/sample-image.ts';
import { fitSimilarity, invertTransform } from '../numeric/similarity-transform.ts';
import { photoVision } from '../runtime/vision-from-config.ts';
import type { OpenGraph } from '../training/descent.ts';
import { cutEncoder, FEATURES } from '../training/encoder-tail.ts';
import type { Tower } from '../training/tower.ts';
import type { Session } from './session.ts';
import type { SampleOf } from './training-samples.ts';

export interface EncoderFeatures {
  /** The layers after the cut. */
  readonly tail: Tower;
  readonly sampleOf: SampleOf;
  readonly close: () => Promise<void>;
}

/** Cuts the configured encoder, and turns faces into what reaches its last layers. */
export async function encoderFeatures(
  session: Session,
  config: Config,
  layers: number,
  open: OpenGraph,
): Promise<EncoderFeatures> {
  const { catalogue, modelsDir } = session.composition;
  const [encoder] = photoVision(config, catalogue(config), modelsDir(config)).encoders;
  if (encoder === undefined) throw new Error('a configuration names one encoder at least');
  const { path, id } = encoder.session;
  const { body, tail } = cutEncoder(decodeGraph(readFileSync(path), id), layers);
  const graph = await open(body);
  const { image, template } = encoder;
  const input = new Float32Array(3 * image.widthPx * image.heightPx);
  const target = tensorImage(input, image);
  const name = body.inputs[0]?.name ?? '';
  return {
    tail,
    async sampleOf({ landmarks }, photo) {
      sampleImage(photo, invertTransform(fitSimilarity(landmarks, template)), target);
      return (await graph.run({ [name]: input })).get(FEATURES)?.slice();
    },
    close: () => graph.close(),
  };
}
