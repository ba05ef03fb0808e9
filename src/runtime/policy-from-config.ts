import type { DoorPolicy } from '../access/door-policy.ts';
import { defaultDoorPolicy } from '../access/door-policy.ts';
import type { Config } from '../config/schema.ts';
import { CheckedPolicy } from '../decision/checked-policy.ts';
import { defaultPolicy, type LivenessPolicy } from '../decision/policy.ts';
import type { Calibration } from '../domain/calibration.ts';
import { ConfigError } from '../domain/errors.ts';

/**
 * What the configuration demands, over the production defaults.
 * @throws PORTICO_CONFIG_INVALID naming everything in it that makes no sense
 */
export function policyFromConfig(
  config: Config,
  calibrations: readonly Calibration[],
): CheckedPolicy {
  const { policy, gate } = config;
  // Fused or not, whoever stands there may be compared both ways: each gets its share of the rate.
  const looks = policy.fuseEncoders === 'off' ? 1 : 2;
  const check = CheckedPolicy.check({
    ...defaultPolicy,
    liveness: livenessPolicy(config),
    calibrations,
    targetFpir: policy.targetFpir / looks,
    targetClaimFpr: defaultPolicy.targetClaimFpr / looks,
    minMargin: policy.minimumMargin,
    minGoodFrames: policy.minimumFrames,
    maxFrameAgeMs: policy.maximumFrameAgeMs,
    untrustedClock: policy.untrustedClock,
    hours: {
      timeZone: gate.timeZone,
      schedules: policy.schedules,
      defaultScheduleId: policy.defaultSchedule,
      holidays: policy.holidays,
    },
  });
  if (check.outcome === 'accepted') return check.policy;
  throw new ConfigError('PORTICO_CONFIG_INVALID', {
    message: `the policy makes no sense:\n${check.problems.join('\n')}`,
    remedy: 'Correct these values in the policy section of the configuration.',
  });
}

/** The operator's words, if the configuration does without liveness. */
export function waiverOf(config: Config): string | undefined {
  const { liveness } = config.policy;
  return 'waivedBecause' in liveness ? liveness.waivedBecause : undefined;
}

function livenessPolicy({ policy: { liveness } }: Config): LivenessPolicy {
  return 'waivedBecause' in liveness
    ? { kind: 'waived', because: liveness.waivedBecause }
    : { kind: 'required', challenge: liveness.challenge };
}

export function doorPolicyFromConfig({ door }: Config): DoorPolicy {
  return {
    ...defaultDoorPolicy,
    pulseMs: door.pulseMs,
    heldOpenAfterMs: door.heldOpenAfterMs,
    exitButton: door.exitButtonOpens ? 'pulse' : 'mask',
  };
}
