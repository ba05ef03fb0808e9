import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { LivingStage } from '../../../src/cli/composition.ts';
import { openLivingStage } from '../../../src/composition/living-stage.ts';
import { challengeOf } from '../../../src/domain/liveness.ts';
import type { GateWatcher } from '../../../src/runtime/gate-watcher.ts';
import { mosquittoMissing } from '../../helpers/mosquitto.ts';
import { unprepared } from '../../helpers/prepared-vision.ts';
import { SiteBench } from '../../helpers/site-bench.ts';
import { WholeGate } from '../../helpers/whole-gate.ts';

const SHORT_MS = 8_000;
const PATIENCE_MS = 90_000;
/** A machine too busy to keep a track may get no further than the last of these. */
const REFUSALS = [
  'attack-suspected',
  'challenge-failed',
  'liveness-unproven',
  'evidence-insufficient',
];

const skip = mosquittoMissing === false ? unprepared() : mosquittoMissing;

describe('enrolment of whoever stands at a gate that demands liveness', { skip }, () => {
  let site: SiteBench;
  let gate: WholeGate<LivingStage>;
  let step = '';
  /** Somebody living does what the page asks. */
  const watcher: GateWatcher = {
    onAttendance: ({ step: { advice } }, observation) => {
      const liveness = observation?.subject?.liveness;
      const report = liveness === undefined ? undefined : challengeOf(liveness);
      if (advice.kind !== 'challenge' || report === undefined) return;
      const next = `${report.orderId}:${advice.done}`;
      if (next !== step) gate.stage.prompt(advice.action);
      step = next;
    },
  };

  before(async () => {
    site = await SiteBench.open();
    gate = await WholeGate.openWith(site, 'front', { watcher }, openLivingStage);
  });
  after(async () => {
    await gate.close();
    await site.close();
  });

  it('takes in the living person, and not a print in somebody’s hand', async () => {
    const desk = await site.desk();
    const capture = (timeoutMs: number) =>
      desk.sendCommand(
        'front',
        { name: 'capture-enrolment', identityId: 'ada', timeoutMs },
        { expiresInMs: 15_000, answerWithinMs: timeoutMs + 15_000 },
      );
    gate.stage.play('badge-photo');
    const print = await capture(SHORT_MS);
    assert.ok(
      print.outcome === 'refused' && REFUSALS.includes(print.reason),
      JSON.stringify(print),
    );
    gate.stage.play('resident');
    const living = await capture(PATIENCE_MS);
    assert.ok(living.outcome === 'done' && living.samples?.length === 3, JSON.stringify(living));
    assert.equal(gate.count('access.granted'), 0);
  });
});
