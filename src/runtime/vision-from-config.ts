import type { Config } from '../config/schema.ts';
import { ConfigError } from '../domain/errors.ts';
import type { Catalogue } from '../inference/catalogue.ts';
import { assembleOptions } from '../vision/assemble-options.ts';
import type { VisionOptions } from '../vision/vision-options.ts';

/** The configured encoders; the first one decides. @throws PORTICO_CONFIG_INVALID for an empty list */
export function encoderIds(config: Config): readonly [string, ...string[]] {
  const [first, ...others] = config.models.encoders;
  if (first !== undefined) return [first, ...others];
  throw new ConfigError('PORTICO_CONFIG_INVALID', {
    message: 'models.encoders is empty',
    remedy: 'Name at least one encoder; `portico models ls` lists what there is.',
  });
}

/** What the vision pipeline needs, from the configuration and the prepared models. */
export function visionFromConfig(config: Config, catalogue: Catalogue): VisionOptions {
  const { inference } = config;
  return assembleOptions(catalogue, {
    encoders: encoderIds(config),
    providers: {
      ladder: inference.providers,
      minimum: inference.minimumProvider,
      threads: inference.threads,
    },
    ...(inference.engineModule === undefined ? {} : { engineModule: inference.engineModule }),
  });
}
