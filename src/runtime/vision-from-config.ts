import type { Config } from '../config/schema.ts';
import { ConfigError } from '../domain/errors.ts';
import type { LivenessFusion } from '../domain/liveness-fusion.ts';
import type { Catalogue } from '../inference/catalogue.ts';
import { livenessFusionPath, readLivenessFusion } from '../inference/liveness-fusion-file.ts';
import { assembleOptions } from '../vision/assemble-options.ts';
import type { VisionOptions } from '../vision/vision-options.ts';
import { waiverOf } from './policy-from-config.ts';

/** The configured encoders; the first one decides. @throws PORTICO_CONFIG_INVALID for an empty list */
export function encoderIds(config: Config): readonly [string, ...string[]] {
  const [first, ...others] = config.models.encoders;
  if (first !== undefined) return [first, ...others];
  throw new ConfigError('PORTICO_CONFIG_INVALID', {
    message: 'models.encoders is empty',
    remedy: 'Name at least one encoder; `portico models ls` lists what there is.',
  });
}

/** The pipeline for photographs, and for a gate whose policy does without liveness. */
export const photoVision = (config: Config, catalogue: Catalogue): VisionOptions =>
  visionWith(config, catalogue, undefined);

/**
 * What the gate's pipeline needs, from the configuration and the prepared models.
 * @throws PORTICO_MODEL_* for a model or fitted weights that are missing or damaged
 */
export function gateVision(config: Config, catalogue: Catalogue, modelsDir: string): VisionOptions {
  const fusion =
    waiverOf(config) === undefined ? readLivenessFusion(livenessFusionPath(modelsDir)) : undefined;
  return visionWith(config, catalogue, fusion);
}

function visionWith(
  config: Config,
  catalogue: Catalogue,
  livenessFusion: LivenessFusion | undefined,
): VisionOptions {
  const { inference, policy } = config;
  const { liveness } = policy;
  return assembleOptions(catalogue, {
    encoders: encoderIds(config),
    providers: {
      ladder: inference.providers,
      minimum: inference.minimumProvider,
      threads: inference.threads,
    },
    ...(livenessFusion === undefined ? {} : { livenessFusion }),
    ...('required' in liveness ? { challengeAfterMs: liveness.challengeAfterMs } : {}),
    ...(inference.engineModule === undefined ? {} : { engineModule: inference.engineModule }),
  });
}
