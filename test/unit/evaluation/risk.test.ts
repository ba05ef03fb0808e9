import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type RiskQuestion, riskOf } from '../../../src/evaluation/risk.ts';
import { readCalibration } from '../../../src/inference/calibration-file.ts';
import {
  livenessFusionPath,
  readLivenessFusion,
} from '../../../src/inference/liveness-fusion-file.ts';
import { modelsDir } from '../../helpers/prepared-vision.ts';

const calibration = readCalibration(modelsDir, 'mobilefacenet-512');
const liveness = readLivenessFusion(livenessFusionPath(modelsDir));
const QUESTION: RiskQuestion = {
  people: 1_000,
  triesPerDay: 20,
  attackShare: 0,
  targetFpir: 1e-4,
  seconds: 4,
};

function risk(change: Partial<RiskQuestion> = {}) {
  assert.ok(calibration !== undefined);
  return riskOf(calibration, liveness, { ...QUESTION, ...change });
}

describe('riskOf', () => {
  it('is 365 x v x FPIR for strangers alone', () => {
    const { zeroEffort, attack } = risk();
    assert.ok(Math.abs(zeroEffort.perYear - 365 * 20 * 1e-4) < 0.05, `${zeroEffort.perYear}`);
    assert.equal(attack.perYear, 0);
    assert.ok(zeroEffort.interval[0] < zeroEffort.perYear);
    assert.ok(zeroEffort.perYear < zeroEffort.interval[1]);
  });

  it('is 365 x v x APCER for pictures alone', () => {
    const { zeroEffort, attack, apcer } = risk({ attackShare: 1 });
    assert.equal(zeroEffort.perYear, 0);
    const expected = 365 * 20 * apcer.rate;
    assert.ok(attack.interval[0] < expected * 1.3 && attack.interval[1] > expected * 0.7);
  });

  it('tells what the kind of picture that passes most often would cost', () => {
    const { worst, attack } = risk({ attackShare: 0.001 });
    const rates = Object.values(
      liveness.crossValidated.find(({ seconds }) => seconds === 4)?.apcer ?? {},
    ).map(({ rate }) => rate);
    assert.equal(worst.apcer.rate, Math.max(...rates));
    assert.ok(Math.abs(worst.attack.perYear - 7.3 * worst.apcer.rate) < 0.2);
    assert.ok(worst.attack.perYear > attack.perYear);
  });

  it('does not depend on the roster, because the threshold rises with it', () => {
    const few = risk({ people: 10 });
    const many = risk({ people: 1_000 });
    assert.ok(many.threshold > few.threshold);
    assert.ok(Math.abs(many.zeroEffort.perYear - few.zeroEffort.perYear) < 0.05);
  });

  it('says when a rate is extrapolated, and that few trials prove little', () => {
    assert.equal(risk().basis, 'extrapolated');
    assert.equal(risk({ people: 1, targetFpir: 1e-3 }).basis, 'measured');
    const { apcer, bestProvableApcer } = risk();
    assert.ok(Math.abs(bestProvableApcer - 3.7 / apcer.trials) < 0.5 / apcer.trials);
  });

  it('refuses what was not measured', () => {
    assert.throws(() => risk({ seconds: 3 }), { code: 'PORTICO_EVALUATION_DATA' });
    assert.throws(() => risk({ targetFpir: 1e-12 }), { code: 'PORTICO_EVALUATION_DATA' });
  });

  it('gives the same figures each time', () => {
    assert.deepEqual(risk({ attackShare: 0.01 }), risk({ attackShare: 0.01 }));
  });
});
