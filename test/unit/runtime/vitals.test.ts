import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { parseStatusReport } from '../../../src/health/status-report.ts';
import type { Attendant } from '../../../src/runtime/attendant.ts';
import { Vitals } from '../../../src/runtime/vitals.ts';
import { aStoreFault, GateStand } from '../../helpers/gate-stand.ts';
import { aCameraFault } from '../../helpers/scripted-camera.ts';

describe('vitals of a gate', () => {
  let stand: GateStand;
  let vitals: Vitals;

  beforeEach(async () => {
    stand = new GateStand();
    const { clock } = stand;
    vitals = new Vitals({ clock, version: 'test', hasPage: true, residentBytes: () => 100 });
    const gate = await stand.start();
    gate.watch(vitals);
    vitals.follow(gate);
  });
  afterEach(() => stand.close());

  /** A frame of nobody, committed and observed, ten times a second. */
  async function idle(ms: number): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += 100) {
      stand.slots.beginFrame();
      stand.slots.commitFrame(stand.clock.now());
      await stand.visit(undefined, 1);
    }
  }

  it('counts idling as work while frames come', async () => {
    await idle(20_000);
    const report = vitals.report();
    assert.equal(report.condition, 'working');
    for (const { stage, ageMs, isLate } of report.stages) {
      assert.ok(!isLate && ageMs !== undefined && ageMs <= 1_000, stage);
    }
    assert.equal(vitals.heartbeat.verdict(stand.clock.now()).isAlive, true);
  });

  it('tells what each network runs on, and why with so many threads', () => {
    stand.vision?.onReady([
      { modelId: 'mesh', provider: 'cuda', outcome: 'unavailable', detail: 'no such device' },
      {
        ...{ modelId: 'mesh', provider: 'cpu', outcome: 'in-use', detail: '' },
        threads: { threads: 2, because: 'measured', runMs: { 1: 9, 2: 5 } },
      },
    ]);
    const { networks } = vitals.report();
    assert.deepEqual(networks, [
      { modelId: 'mesh', provider: 'cpu', threads: '2, measured (1: 9.00 ms, 2: 5.00 ms)' },
    ]);
  });

  it('stalls when frames come and nothing is observed, with the door shut', async () => {
    await idle(1_000);
    for (let second = 0; second < 130; second += 1) {
      stand.slots.beginFrame();
      stand.slots.commitFrame(stand.clock.now());
      await stand.clock.advance(1_000);
    }
    assert.equal(vitals.report().condition, 'stalled');
    assert.deepEqual(vitals.heartbeat.verdict(stand.clock.now()).overdue, ['vision']);
    assert.equal(stand.relay.pulses, 0);
  });

  it('lives on without models while frames come, degraded, and tells the provider when they are there', async () => {
    vitals.onVision({ kind: 'missing' });
    for (let second = 0; second < 300; second += 1) {
      stand.slots.beginFrame();
      stand.slots.commitFrame(stand.clock.now());
      await stand.clock.advance(1_000);
    }
    const report = vitals.report();
    assert.equal(report.condition, 'degraded');
    assert.equal(report.provider, 'none');
    assert.ok(report.stages.some(({ stage, isLate }) => stage === 'vision' && isLate));
    vitals.onVision({ kind: 'ready', provider: 'cpu', ladder: [] });
    await idle(1_000);
    assert.deepEqual([vitals.report().condition, vitals.report().provider], ['working', 'cpu']);
  });

  it('lives on without a camera, degraded', async () => {
    await idle(1_000);
    stand.slots.onFault(aCameraFault());
    await stand.clock.advance(300_000);
    const report = vitals.report();
    assert.equal(report.condition, 'degraded');
    assert.deepEqual(report.faults, ['PORTICO_CAMERA_STALLED']);
    assert.equal(vitals.heartbeat.verdict(stand.clock.now()).isAlive, true);
  });

  it('knows the faults of a gate whose store takes no events', async () => {
    stand.failing.set('append', aStoreFault('WRITE'));
    stand.slots.onFault(aCameraFault());
    await stand.clock.advance(1_000);
    assert.deepEqual([...vitals.faults()].sort(), [
      'PORTICO_CAMERA_STALLED',
      'PORTICO_STORE_WRITE',
    ]);
  });

  it('lets the supervisor restart a gate whose own judgement failed', async () => {
    await stand.close();
    stand = new GateStand();
    const { clock } = stand;
    vitals = new Vitals({ clock, version: 'test', hasPage: true, residentBytes: () => 100 });
    const defective = {
      attend: () => {
        throw new Error('a defect');
      },
    } as unknown as Attendant;
    const gate = await stand.start({ attendant: defective });
    gate.watch(vitals);
    vitals.follow(gate);
    await idle(11_000);
    assert.deepEqual(vitals.heartbeat.verdict(clock.now()).overdue, ['decision']);
    assert.deepEqual(vitals.faults(), ['PORTICO_INVARIANT_BROKEN']);
    assert.equal(stand.relay.pulses, 0);
  });

  it('reports a visit as numbers, without the visitor', async () => {
    await stand.visit('resident');
    const report = vitals.report();
    assert.deepEqual(report.decisions, { granted: 1, denied: 0 });
    const text = JSON.stringify(report) + (await vitals.metrics.render());
    assert.doesNotMatch(text, /"resident"|RESIDENT/);
    assert.match(text, /portico_decisions_total\{outcome="granted",reason="none"\} 1/);
    assert.match(text, /portico_door\{state="[a-z-]+"\} 1/);
  });

  it('is understood by whoever reads it', () => {
    const read = parseStatusReport(JSON.parse(JSON.stringify(vitals.report())));
    assert.equal(read?.version, 'test');
    assert.equal(parseStatusReport({ schemaVersion: 2 }), undefined);
  });
});
