import type { Config } from '../config/schema.ts';
import { ConfigError } from '../domain/errors.ts';

/** The configured encoders; the first one decides. @throws PORTICO_CONFIG_INVALID for an empty list */
export function encoderIds(config: Config): readonly [string, ...string[]] {
  const [first, ...others] = config.models.encoders;
  if (first !== undefined) return [first, ...others];
  throw new ConfigError('PORTICO_CONFIG_INVALID', {
    message: 'models.encoders is empty',
    remedy: 'Name at least one encoder; `portico models ls` lists what there is.',
  });
}
