import type { Config } from '../config/schema.ts';
import { PorticoError } from '../domain/errors.ts';
import type { EnrolmentJudge } from '../office/enrolment-judge.ts';
import { encoderIds } from '../runtime/encoder-ids.ts';
import type { Session } from './session.ts';

/** At this rate per comparison an enrolled stranger is taken for a duplicate, and a sample for another person. */
const DUPLICATE_FMR = 1e-4;
const SAME_PERSON_FMR = 1e-3;

/** The deciding encoder with its thresholds for enrolment. @throws PORTICO_ENROL_REFUSED without a calibration */
export function enrolmentJudgeOf({ composition }: Session, config: Config): EnrolmentJudge {
  const [modelId] = encoderIds(config);
  const policy = composition.policyOf(config);
  const duplicate = policy.thresholdOf(modelId, DUPLICATE_FMR, 1);
  const samePerson = policy.thresholdOf(modelId, SAME_PERSON_FMR, 1);
  if (duplicate.outcome === 'missing' || samePerson.outcome === 'missing') {
    throw new PorticoError('PORTICO_ENROL_REFUSED', {
      message: `the encoder ${modelId} has no calibration, so duplicates cannot be recognised`,
      remedy: 'Use a calibrated encoder, or write its calibration with `portico calibrate`.',
    });
  }
  return { modelId, duplicate: duplicate.threshold, samePerson: samePerson.threshold };
}
