import type { Config } from '../config/schema.ts';
import { waiverOf } from './policy-from-config.ts';

const ALWAYS_NEEDED = ['blazeface-back', 'facemesh'];
const LIVENESS_NEEDS = ['pad-minifas', 'pad-antispoof'];

/** Ids of the models without which a gate with this configuration cannot start. */
export const modelsNeededBy = (config: Config): readonly string[] => [
  ...ALWAYS_NEEDED,
  ...(waiverOf(config) === undefined ? LIVENESS_NEEDS : []),
  ...config.models.encoders,
];

/** Those for reading photographs: enrolment, comparison, evaluation. */
export const photoModelsOf = (config: Config): readonly string[] => [
  ...ALWAYS_NEEDED,
  ...config.models.encoders,
];
