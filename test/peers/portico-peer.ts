import { performance } from 'node:perf_hooks';
import type { Frame } from '../../src/domain/frame.ts';
import { monotonicMs } from '../../src/domain/units.ts';
import {
  livenessFusionPath,
  readLivenessFusion,
} from '../../src/inference/liveness-fusion-file.ts';
import type { RgbImage } from '../../src/numeric/sample-image.ts';
import { assembleOptions } from '../../src/vision/assemble-options.ts';
import { PhotoAnalyser } from '../../src/vision/photo-analyser.ts';
import { VisionPipeline } from '../../src/vision/vision-pipeline.ts';
import { closeVisionStages, openVisionStages } from '../../src/vision/vision-stages.ts';
import { modelsDir, preparedCatalogue } from '../helpers/prepared-vision.ts';
import type { Peer } from './peer.ts';

export interface PorticoPeerOptions {
  readonly encoder: string;
  /** Time that is said to pass between frames: the nets of liveness look every 750 ms of it. */
  readonly frameGapMs: number;
  readonly name: string;
  readonly tasks: string;
}

/** The pipeline of the gate, called directly: the worker in between costs the peers nothing either. */
export async function openPortico(options: PorticoPeerOptions): Promise<Peer> {
  const { encoder, frameGapMs, name, tasks } = options;
  const vision = assembleOptions(preparedCatalogue(), {
    encoders: [encoder],
    providers: { ladder: ['cpu'], minimum: 'cpu', threads: 2 },
    livenessFusion: readLivenessFusion(livenessFusionPath(modelsDir)),
  });
  const stages = await openVisionStages(vision);
  const pipeline = new VisionPipeline(stages, vision, () => performance.now());
  const analyser = await PhotoAnalyser.open(vision);
  let sequence = 0;
  return {
    name,
    tasks,
    async observe(image) {
      sequence += 1;
      const frame: Frame = { ...image, sequence, capturedAtMs: monotonicMs(sequence * frameGapMs) };
      return (await pipeline.observe(frame)).faceCount;
    },
    async encode(photo: RgbImage) {
      const { face } = await analyser.analyse(photo);
      const [named] = face?.embeddings ?? [];
      return named === undefined ? undefined : Float32Array.from(named.embedding);
    },
    compare: cosine,
    async close() {
      await closeVisionStages(stages);
      await analyser.close();
    },
  };
}

function cosine(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (const [index, value] of left.entries()) sum += value * right[index]!;
  return sum;
}
