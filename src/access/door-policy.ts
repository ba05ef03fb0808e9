import type { DutyPolicy } from './duty-guard.ts';

/**
 * What a press of the exit button does. 'pulse': opens the strike. 'mask': the door opens
 * mechanically from inside, and the press only says that the opening is not forced. Leaving must
 * never depend on this software: the handle inside, or a contact in the strike's own circuit, has
 * to free the door without it; during a lock-down the button only masks.
 */
export type ExitButtonPolicy = 'pulse' | 'mask';

export interface DoorPolicy {
  /** How long a grant energises the strike. */
  readonly pulseMs: number;
  readonly duty: DutyPolicy;
  /** The door does not act on a grant whose newest frame is older. */
  readonly maxGrantAgeMs: number;
  /** Each call of the relay must end within this time. */
  readonly relayDeadlineMs: number;
  /** After the pulse the output must be known released within this time. */
  readonly relockWithinMs: number;
  /** How often it is asked until then. */
  readonly pollMs: number;
  /** How often a faulty relay is released and asked again. */
  readonly recoverEveryMs: number;
  /** Opening up to this long after the strike fell back still belongs to the grant. */
  readonly passageGraceMs: number;
  /** Release the strike as soon as the door has been opened and closed again: nobody follows. */
  readonly relockOnClose: boolean;
  readonly heldOpenAfterMs: number;
  readonly exitButton: ExitButtonPolicy;
  /** An opening within this time after the button is not forced. */
  readonly exitMaskMs: number;
}

export const defaultDoorPolicy: DoorPolicy = {
  pulseMs: 4_000,
  duty: { minIntervalMs: 1_000, windowMs: 60_000, maxEnergisedMs: 30_000 },
  maxGrantAgeMs: 1_500,
  relayDeadlineMs: 1_000,
  relockWithinMs: 1_500,
  pollMs: 100,
  recoverEveryMs: 5_000,
  passageGraceMs: 1_500,
  relockOnClose: true,
  heldOpenAfterMs: 30_000,
  exitButton: 'mask',
  exitMaskMs: 8_000,
};

/** What is wrong with the policy for a relay of this limit, in sentences; empty when nothing is. */
export function doorPolicyProblems(policy: DoorPolicy, relayMaxPulseMs: number): readonly string[] {
  const { duty } = policy;
  const bounds: readonly (readonly [string, number, number, number])[] = [
    ['pulseMs', policy.pulseMs, 100, Math.min(30_000, relayMaxPulseMs)],
    ['duty.minIntervalMs', duty.minIntervalMs, 0, 60_000],
    ['duty.windowMs', duty.windowMs, 1_000, 3_600_000],
    ['duty.maxEnergisedMs', duty.maxEnergisedMs, policy.pulseMs, duty.windowMs],
    ['maxGrantAgeMs', policy.maxGrantAgeMs, 1, 10_000],
    ['relayDeadlineMs', policy.relayDeadlineMs, 10, 10_000],
    ['relockWithinMs', policy.relockWithinMs, policy.pollMs, 10_000],
    ['pollMs', policy.pollMs, 10, 1_000],
    ['recoverEveryMs', policy.recoverEveryMs, 100, 60_000],
    ['passageGraceMs', policy.passageGraceMs, 0, 10_000],
    ['heldOpenAfterMs', policy.heldOpenAfterMs, 1_000, 3_600_000],
    ['exitMaskMs', policy.exitMaskMs, 0, 60_000],
  ];
  return bounds
    .filter(([, value, low, high]) => !(value >= low && value <= high))
    .map(([name, value, low, high]) => `${name} is ${value}, not within ${low} to ${high}`);
}
