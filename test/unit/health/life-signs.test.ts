import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GATE_STAGES, type GateStage } from '../../../src/domain/gate-stage.ts';
import { Heartbeat } from '../../../src/health/heartbeat.ts';
import { LifeSigns } from '../../../src/health/life-signs.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';
import { RecordingWatchdog } from '../../helpers/recording-watchdog.ts';

class Bench {
  readonly clock = new FakeClock();
  readonly logger = new RecordingLogger();
  readonly watchdog: RecordingWatchdog;
  readonly heartbeat = new Heartbeat(this.clock.now());
  readonly stalled = new Set<GateStage>();
  faults: readonly string[] = [];
  readonly signs: LifeSigns;

  constructor(watchdog = new RecordingWatchdog()) {
    const { clock, logger, heartbeat } = this;
    this.watchdog = watchdog;
    this.signs = new LifeSigns({ clock, logger, watchdog, heartbeat, faults: () => this.faults });
    clock.every(250, () => {
      for (const stage of GATE_STAGES) {
        if (!this.stalled.has(stage)) heartbeat.note(stage, clock.now());
      }
    });
  }

  async pingsWithin(ms: number): Promise<number> {
    const before = this.watchdog.pings;
    await this.clock.advance(ms);
    return this.watchdog.pings - before;
  }
}

describe('LifeSigns', () => {
  it('asks for time while the gate starts, and not for ever', async () => {
    const { signs, watchdog, clock } = new Bench();
    signs.starting();
    await clock.advance(30_000);
    assert.deepEqual(watchdog.said, [
      'extend 30000',
      'status starting',
      'extend 30000',
      'extend 30000',
      'extend 30000',
    ]);
    await clock.advance(1_000_000);
    const asked = watchdog.said.length;
    await clock.advance(100_000);
    assert.equal(watchdog.said.length, asked);
    assert.equal(watchdog.pings, 0);
  });

  it('leaves no timer behind when the start fails', () => {
    const { signs, clock } = new Bench();
    const before = clock.pendingTimers;
    signs.starting();
    signs.end();
    assert.equal(clock.pendingTimers, before);
  });

  it('pings from readiness on, as often as it is wanted', async () => {
    const bench = new Bench();
    await bench.clock.advance(250);
    bench.signs.ready();
    assert.match(bench.watchdog.said[0] ?? '', /^ready working; stalest stage: /);
    assert.equal(await bench.pingsWithin(60_000), 12);
  });

  for (const stage of ['vision', 'decision', 'door'] as const) {
    it(`stops pinging when ${stage} stalls, says which, and pings again when it works`, async () => {
      const bench = new Bench();
      bench.signs.ready();
      bench.stalled.add(stage);
      await bench.clock.advance(130_000);
      assert.equal(await bench.pingsWithin(60_000), 0);
      assert.match(bench.watchdog.lastStatus ?? '', new RegExp(`^status stalled: ${stage}; `));
      const errors = bench.logger.records.filter(({ level }) => level === 'error');
      assert.deepEqual(
        errors.map(({ fields }) => [fields.event, fields['overdue']]),
        [['health.stalled', [stage]]],
      );
      bench.stalled.clear();
      await bench.clock.advance(5_000);
      assert.equal(await bench.pingsWithin(50_000), 10);
    });
  }

  it('goes on pinging without a camera, and says so', async () => {
    const bench = new Bench();
    bench.signs.ready();
    for (const stage of ['camera', 'vision'] as const) bench.stalled.add(stage);
    bench.faults = ['PORTICO_CAMERA_STALLED'];
    assert.equal(await bench.pingsWithin(600_000), 120);
    const status = bench.watchdog.lastStatus ?? '';
    assert.match(status, /^status degraded: no camera, PORTICO_CAMERA_STALLED; stalest stage: /);
  });

  it('says nothing twice, and nothing after the end but that', async () => {
    const bench = new Bench();
    await bench.clock.advance(250);
    bench.signs.ready();
    await bench.clock.advance(60_000);
    assert.ok(bench.watchdog.said.filter((line) => line.startsWith('status')).length <= 2);
    bench.signs.stopping();
    const before = bench.watchdog.said.length;
    await bench.clock.advance(60_000);
    assert.equal(bench.watchdog.said.length, before);
    assert.match(bench.watchdog.said.at(-1) ?? '', /^stopping /);
  });

  it('keeps the status line where nobody waits for signs of life', async () => {
    const bench = new Bench(new RecordingWatchdog(undefined));
    bench.signs.ready();
    bench.faults = ['PORTICO_CAMERA_BLACK'];
    await bench.clock.advance(20_000);
    assert.match(bench.watchdog.lastStatus ?? '', /PORTICO_CAMERA_BLACK/);
  });
});
