import type { Config } from '../config/schema.ts';
import type { CheckedPolicy } from '../decision/checked-policy.ts';
import { readCalibration } from '../inference/calibration-file.ts';
import { fusedIdOf } from '../runtime/fused-encoder.ts';
import { policyFromConfig } from '../runtime/policy-from-config.ts';

/** The policy of the configuration with the calibrations of its encoders. @throws PORTICO_CONFIG_INVALID */
export function policyOf(config: Config, modelsDir: string): CheckedPolicy {
  const ids = [...config.models.encoders, fusedIdOf(config) ?? []].flat();
  const calibrations = ids.flatMap((id) => readCalibration(modelsDir, id) ?? []);
  return policyFromConfig(config, calibrations);
}
