import { join } from 'node:path';
import type { Config } from '../config/schema.ts';
import type { LivenessFusion } from '../domain/liveness-fusion.ts';
import type { Catalogue } from '../inference/catalogue.ts';
import { livenessFusionPath, readLivenessFusion } from '../inference/liveness-fusion-file.ts';
import { assembleOptions } from '../vision/assemble-options.ts';
import type { FusionOptions, VisionOptions } from '../vision/vision-options.ts';
import { encoderIds } from './encoder-ids.ts';
import { fusionOf } from './fused-encoder.ts';
import { waiverOf } from './policy-from-config.ts';

/** Where this machine's measurements of threads are kept: beside the models. */
export const threadsFile = ({ models }: Config): string =>
  join(models.cacheDirectory, 'threads.json');

/** The pipeline for photographs, which have time for every encoder. */
export const photoVision = (
  config: Config,
  catalogue: Catalogue,
  modelsDir: string,
): VisionOptions => visionWith(config, catalogue, { fusion: fusionOf(config, modelsDir) });

/**
 * What the gate's pipeline needs, from the configuration and the prepared models.
 * @throws PORTICO_MODEL_* for a model or fitted weights that are missing or damaged
 */
export function gateVision(config: Config, catalogue: Catalogue, modelsDir: string): VisionOptions {
  const livenessFusion =
    waiverOf(config) === undefined ? readLivenessFusion(livenessFusionPath(modelsDir)) : undefined;
  const fusion = fusionOf(config, modelsDir);
  const budgetMs = 1000 / config.camera.framesPerSecond;
  return visionWith(config, catalogue, {
    livenessFusion,
    fusion: fusion === undefined ? undefined : { ...fusion, budgetMs },
  });
}

interface Fitted {
  readonly livenessFusion?: LivenessFusion | undefined;
  readonly fusion: FusionOptions | undefined;
}

function visionWith(
  config: Config,
  catalogue: Catalogue,
  { livenessFusion, fusion }: Fitted,
): VisionOptions {
  const { inference, policy } = config;
  const { liveness } = policy;
  const { threads } = inference;
  return assembleOptions(catalogue, {
    encoders: encoderIds(config),
    providers: {
      ladder: inference.providers,
      minimum: inference.minimumProvider,
      threads: threads === 'auto' ? { rememberedIn: threadsFile(config) } : threads,
    },
    ...(livenessFusion === undefined ? {} : { livenessFusion }),
    ...(fusion === undefined ? {} : { fusion }),
    ...('required' in liveness ? { challengeAfterMs: liveness.challengeAfterMs } : {}),
    ...(inference.engineModule === undefined ? {} : { engineModule: inference.engineModule }),
  });
}
