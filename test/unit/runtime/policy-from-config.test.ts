import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultDoorPolicy } from '../../../src/access/door-policy.ts';
import { loadConfig } from '../../../src/config/load.ts';
import type { Config } from '../../../src/config/schema.ts';
import { encoderIds } from '../../../src/runtime/encoder-ids.ts';
import {
  doorPolicyFromConfig,
  policyFromConfig,
  waiverOf,
} from '../../../src/runtime/policy-from-config.ts';
import { aCalibration } from '../../helpers/decision-builders.ts';

const configured = (overrides: Record<string, unknown> = {}): Config =>
  loadConfig({ environment: { XDG_DATA_HOME: '/nonexistent' }, overrides });

describe('policy from the configuration', () => {
  it('demands liveness and denies on an untrusted clock where nothing is said', () => {
    const { rules } = policyFromConfig(configured(), []);
    assert.deepEqual(rules.liveness, { kind: 'required', challenge: 'when-undecided' });
    assert.equal(rules.untrustedClock, 'deny');
    assert.equal(waiverOf(configured()), undefined);
  });

  it('carries every value that the configuration states', () => {
    const office = { week: { mon: [{ from: '07:00', to: '19:00' }] }, observesHolidays: true };
    const config = configured({
      gate: { timeZone: 'Europe/Zurich' },
      policy: {
        targetFpir: 1e-5,
        minimumMargin: 0.1,
        minimumFrames: 5,
        maximumFrameAgeMs: 700,
        untrustedClock: 'admit-always',
        schedules: { office },
        defaultSchedule: 'office',
        holidays: { '2026-12-25': [] },
      },
    });
    const { rules } = policyFromConfig(config, [aCalibration()]);
    assert.equal(rules.targetFpir, 1e-5);
    assert.equal(rules.minMargin, 0.1);
    assert.equal(rules.minGoodFrames, 5);
    assert.equal(rules.maxFrameAgeMs, 700);
    assert.equal(rules.untrustedClock, 'admit-always');
    assert.deepEqual(rules.hours, {
      timeZone: 'Europe/Zurich',
      schedules: { office },
      defaultScheduleId: 'office',
      holidays: { '2026-12-25': [] },
    });
    assert.equal(rules.calibrations.length, 1);
  });

  it("carries the operator's words when liveness is waived", () => {
    const because = 'a demonstration without a door';
    const config = configured({ policy: { liveness: { waivedBecause: because } } });
    const { rules } = policyFromConfig(config, []);
    assert.deepEqual(rules.liveness, { kind: 'waived', because });
    assert.equal(waiverOf(config), because);
  });

  it('names what makes no sense', () => {
    const curve = aCalibration();
    assert.throws(() => policyFromConfig(configured(), [curve, curve]), {
      code: 'PORTICO_CONFIG_INVALID',
      message: /more than one calibration/,
    });
  });

  it('takes the times of the door and keeps its guards', () => {
    const policy = doorPolicyFromConfig(
      configured({ door: { pulseMs: 2_500, heldOpenAfterMs: 9_000, exitButtonOpens: true } }),
    );
    assert.equal(policy.pulseMs, 2_500);
    assert.equal(policy.heldOpenAfterMs, 9_000);
    assert.equal(policy.exitButton, 'pulse');
    assert.deepEqual(policy.duty, defaultDoorPolicy.duty);
    assert.equal(doorPolicyFromConfig(configured()).exitButton, 'mask');
  });

  it('lets the first encoder decide', () => {
    const config = configured({ models: { encoders: ['mobilefacenet-512', 'resnet-128'] } });
    assert.deepEqual(encoderIds(config), ['mobilefacenet-512', 'resnet-128']);
  });
});
