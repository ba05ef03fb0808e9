import type { Config } from '../config/schema.ts';
import { fusedEncoderId } from '../domain/encoder-fusion.ts';
import { ConfigError } from '../domain/errors.ts';
import { readCalibration } from '../inference/calibration-file.ts';
import type { FusionOptions } from '../vision/vision-options.ts';
import { encoderIds } from './encoder-ids.ts';

/** The id of the fused encoder, if the policy asks for one. @throws PORTICO_CONFIG_INVALID with one encoder alone */
export function fusedIdOf(config: Config): string | undefined {
  if (config.policy.fuseEncoders === 'off') return undefined;
  const ids = encoderIds(config);
  if (ids.length > 1) return fusedEncoderId(ids);
  throw new ConfigError('PORTICO_CONFIG_INVALID', {
    message: `policy.fuseEncoders is on, but models.encoders names ${ids[0]} alone`,
    remedy: 'Name two encoders, or set policy.fuseEncoders to "off".',
  });
}

/**
 * How the configured encoders are fused: with the weights that stand in the calibration of the fusion.
 * @throws PORTICO_CONFIG_INVALID when they were never fitted; PORTICO_MODEL_CALIBRATION when they are damaged
 */
export function fusionOf(config: Config, modelsDir: string): FusionOptions | undefined {
  const modelId = fusedIdOf(config);
  if (modelId === undefined) return undefined;
  const fusion = readCalibration(modelsDir, modelId)?.fusion;
  if (fusion !== undefined) return { modelId, weights: fusion.map(({ weight }) => weight) };
  throw new ConfigError('PORTICO_CONFIG_INVALID', {
    message: `policy.fuseEncoders is on, but there is no calibration of ${modelId}`,
    remedy: `Write it with \`portico calibrate --encoder ${modelId} --write\`, or set policy.fuseEncoders to "off".`,
  });
}
