import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GATE_STAGES, type GateStage } from '../../../src/domain/gate-stage.ts';
import { monotonicMs } from '../../../src/domain/units.ts';
import { HEARTBEAT_RULES, Heartbeat } from '../../../src/health/heartbeat.ts';

const at = monotonicMs;
const STEP_MS = 250;

/** A gate that works from 0 to `endMs`, but for the stages that stall at the given times. */
function workedUntil(
  endMs: number,
  stallsAtMs: Partial<Record<GateStage, number>> = {},
  stages: readonly GateStage[] = GATE_STAGES,
): Heartbeat {
  const heartbeat = new Heartbeat(at(0), stages);
  for (let nowMs = STEP_MS; nowMs <= endMs; nowMs += STEP_MS) {
    for (const stage of stages) {
      if (nowMs < (stallsAtMs[stage] ?? Number.POSITIVE_INFINITY)) heartbeat.note(stage, at(nowMs));
    }
  }
  return heartbeat;
}

describe('Heartbeat', () => {
  it('is alive while every stage works', () => {
    const verdict = workedUntil(600_000).verdict(at(600_000));
    assert.deepEqual([verdict.isAlive, verdict.overdue, verdict.degraded], [true, [], []]);
  });

  for (const stage of ['vision', 'decision', 'door'] as const) {
    const { deadlineMs } = HEARTBEAT_RULES[stage];

    it(`ends ${deadlineMs} ms after ${stage} stalls, not before, and names it`, () => {
      const lastMs = 60_000 - STEP_MS;
      const inTime = lastMs + deadlineMs;
      assert.equal(workedUntil(inTime, { [stage]: 60_000 }).verdict(at(inTime)).isAlive, true);
      const late = inTime + STEP_MS;
      const verdict = workedUntil(late, { [stage]: 60_000 }).verdict(at(late));
      assert.equal(verdict.isAlive, false);
      assert.deepEqual(verdict.overdue, [stage]);
      assert.deepEqual(verdict.stalest, { stage, ageMs: deadlineMs + STEP_MS });
    });
  }

  for (const stage of ['camera', 'store', 'page'] as const) {
    it(`lives without the ${stage}, and says that it is missing`, () => {
      const verdict = workedUntil(600_000, { [stage]: 60_000 }).verdict(at(600_000));
      assert.equal(verdict.isAlive, true);
      assert.deepEqual(verdict.degraded, [stage]);
    });
  }

  it('expects nothing of vision while the camera delivers nothing', () => {
    const heartbeat = workedUntil(600_000, { camera: 60_000, vision: 60_000 });
    assert.equal(heartbeat.verdict(at(600_000)).isAlive, true);
  });

  it('lives without a stage that is known to be missing, says so, and gives it its deadline once it is there', () => {
    const heartbeat = new Heartbeat(at(0));
    heartbeat.expect('vision', false, at(0));
    for (let nowMs = STEP_MS; nowMs <= 600_000; nowMs += STEP_MS) {
      for (const stage of GATE_STAGES) {
        if (stage !== 'vision') heartbeat.note(stage, at(nowMs));
      }
    }
    const without = heartbeat.verdict(at(600_000));
    assert.deepEqual([without.isAlive, without.degraded], [true, ['vision']]);
    heartbeat.expect('vision', true, at(600_000));
    assert.deepEqual(heartbeat.verdict(at(600_000)).degraded, []);
    assert.equal(heartbeat.verdict(at(600_000)).isAlive, true);
    heartbeat.note('decision', at(730_000));
    heartbeat.note('door', at(730_000));
    heartbeat.note('camera', at(602_000));
    heartbeat.note('camera', at(730_000));
    assert.deepEqual(heartbeat.verdict(at(730_000)).overdue, []);
  });

  it('gives vision its whole deadline from the first frame after an outage', () => {
    const heartbeat = workedUntil(600_000, { camera: 60_000, vision: 60_000 });
    const rest = ['decision', 'door', 'store', 'page', 'camera'] as const;
    const { deadlineMs } = HEARTBEAT_RULES.vision;
    for (let nowMs = 600_000; nowMs <= 600_000 + deadlineMs; nowMs += STEP_MS) {
      for (const stage of rest) heartbeat.note(stage, at(nowMs));
      assert.equal(heartbeat.verdict(at(nowMs)).isAlive, true, `at ${nowMs}`);
    }
    for (const stage of rest) heartbeat.note(stage, at(600_001 + deadlineMs));
    assert.deepEqual(heartbeat.verdict(at(600_001 + deadlineMs)).overdue, ['vision']);
  });

  it('counts a stage that never worked from the start', () => {
    const heartbeat = new Heartbeat(at(1_000));
    assert.equal(heartbeat.verdict(at(1_000)).isAlive, true);
    assert.deepEqual(heartbeat.verdict(at(62_000)).overdue, ['decision', 'door']);
    assert.equal(heartbeat.ageMs('door', at(62_000)), undefined);
  });

  it('does not wait for a page that this gate does not have', () => {
    const stages = GATE_STAGES.filter((stage) => stage !== 'page');
    assert.deepEqual(workedUntil(60_000, {}, stages).verdict(at(60_000)).degraded, []);
  });
});
