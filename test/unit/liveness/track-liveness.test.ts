import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PorticoError } from '../../../src/domain/errors.ts';
import type { LivenessAssessment } from '../../../src/domain/liveness.ts';
import type { LivenessFusion } from '../../../src/domain/liveness-fusion.ts';
import { monotonicMs } from '../../../src/domain/units.ts';
import { readLivenessFusion } from '../../../src/inference/liveness-fusion-file.ts';
import type { LivenessSample } from '../../../src/liveness/liveness-sample.ts';
import { TrackLiveness } from '../../../src/liveness/track-liveness.ts';
import { seededRandom } from '../../../src/numeric/random.ts';
import { aFusion, SHIPPED_WEIGHTS } from '../../helpers/liveness-fusions.ts';
import {
  aLivenessSample,
  LIFELESS,
  LIVELY,
  type Posture,
  presentedMesh,
  withNoise,
} from '../../helpers/synthetic-faces.ts';

const SHIPPED = readLivenessFusion(SHIPPED_WEIGHTS);
/** Only the passive network on the wide crop counts: 3.5 for LIVELY, -4.6 for LIFELESS. */
const PASSIVE_ONLY = aFusion({ 'passive-wide-bona-fide': 1 });
const FACE = presentedMesh('head');
const FRAME_MS = 1000 / 15;

function lookAt(
  fusion: LivenessFusion,
  seconds: number,
  sampleAt: (atMs: number) => LivenessSample,
): readonly LivenessAssessment[] {
  const liveness = new TrackLiveness(fusion);
  const frames = Math.round((1000 * seconds) / FRAME_MS);
  return Array.from({ length: frames }, (_, index) => liveness.observe(sampleAt(index * FRAME_MS)));
}

const outcomesOf = (assessments: readonly LivenessAssessment[]): readonly string[] => [
  ...new Set(assessments.map(({ outcome }) => outcome)),
];

/** Sways, nods, blinks and talks a little. */
const lively = (atMs: number): Posture => ({
  yawDeg: 5 * Math.sin(atMs / 700),
  pitchDeg: 4 * Math.sin(atMs / 1_100),
  centreXPx: 160 + 2 * Math.sin(atMs / 900),
  eyeRatio: atMs % 2_300 < 200 ? 0.12 : 0.3,
  mouthGap: 0.04 + 0.02 * Math.sin(atMs / 500),
});

describe('TrackLiveness', () => {
  it('is undecided until the evidence reaches a bound, then says which', () => {
    const assessments = lookAt(PASSIVE_ONLY, 2, (atMs) => aLivenessSample(atMs, FACE));
    assert.equal(assessments[0]?.outcome, 'undecided');
    assert.equal(assessments.at(-1)?.outcome, 'bona-fide');
    const attack = lookAt(PASSIVE_ONLY, 2, (atMs) =>
      aLivenessSample(atMs, FACE, { passive: LIFELESS }),
    );
    assert.equal(attack.at(-1)?.outcome, 'attack');
  });

  it('decides nothing before the second key frame', () => {
    const outcomes = lookAt(PASSIVE_ONLY, 0.7, (atMs) => aLivenessSample(atMs, FACE));
    assert.deepEqual(outcomesOf(outcomes), ['undecided']);
  });

  it('asks for a challenge at the deadline, and only when undecided', () => {
    const unsure = { wide: [0.5, 0.5, 0], tight: [0.5, 0.5, 0] } as const;
    const assessments = lookAt(PASSIVE_ONLY, 5, (atMs) =>
      aLivenessSample(atMs, FACE, { passive: unsure }),
    );
    const due = assessments.map((one) => one.outcome === 'undecided' && one.challengeDue === true);
    assert.equal(due.indexOf(true), Math.ceil(4_000 / FRAME_MS));
    assert.equal(due.at(-1), true);
    const decided = lookAt(PASSIVE_ONLY, 5, (atMs) => aLivenessSample(atMs, FACE)).at(-1);
    assert.deepEqual(Object.keys(decided ?? {}), ['outcome', 'logLikelihoodRatio']);
  });

  it('lets the evidence die with the track: the next person starts from nothing', () => {
    for (const passive of [LIVELY, LIFELESS]) {
      const liveness = new TrackLiveness(PASSIVE_ONLY);
      for (let atMs = 0; atMs < 3_000; atMs += FRAME_MS) {
        liveness.observe(aLivenessSample(atMs, FACE, { passive }));
      }
      const next = liveness.observe(aLivenessSample(3_001, FACE, { trackId: 2, passive }));
      assert.deepEqual(next, { outcome: 'undecided', logLikelihoodRatio: 0 });
      assert.deepEqual(liveness.explain(), []);
    }
  });

  it('restarts at a jump within a track: a picture slid before a living face inherits nothing', () => {
    const liveness = new TrackLiveness(PASSIVE_ONLY);
    for (let atMs = 0; atMs < 3_000; atMs += FRAME_MS)
      liveness.observe(aLivenessSample(atMs, FACE));
    const slidIn = presentedMesh('flat-picture', { centreXPx: 230 });
    const assessment = liveness.observe(aLivenessSample(3_001, slidIn, { passive: LIFELESS }));
    assert.deepEqual(assessment, { outcome: 'undecided', logLikelihoodRatio: 0 });
  });

  it('forgets on reset, also that the track was the same', () => {
    const liveness = new TrackLiveness(PASSIVE_ONLY);
    for (let atMs = 0; atMs < 3_000; atMs += FRAME_MS)
      liveness.observe(aLivenessSample(atMs, FACE));
    liveness.reset();
    assert.equal(liveness.observe(aLivenessSample(3_001, FACE)).outcome, 'undecided');
  });

  it('never decides without the passive networks, however the face moves', () => {
    for (const weight of [50, -50]) {
      const fusion = aFusion({ 'roll-variation': weight, shift: weight });
      const assessments = lookAt(fusion, 8, (atMs) =>
        aLivenessSample(atMs, presentedMesh('head', lively(atMs)), { passive: undefined }),
      );
      assert.deepEqual(outcomesOf(assessments), ['undecided']);
    }
  });

  it('explains itself, strongest cue first', () => {
    const liveness = new TrackLiveness(PASSIVE_ONLY);
    for (let atMs = 0; atMs < 2_000; atMs += FRAME_MS)
      liveness.observe(aLivenessSample(atMs, FACE));
    const [first] = liveness.explain();
    assert.equal(first?.cue, 'passive-wide-bona-fide');
    assert.ok(Math.abs((first?.contribution ?? 0) - Math.log(0.97 / 0.03)) < 1e-6);
  });

  it('wants the passive networks on key frames only', () => {
    const liveness = new TrackLiveness(PASSIVE_ONLY);
    assert.equal(liveness.wantsPassive(monotonicMs(0)), true);
    liveness.observe(aLivenessSample(0, FACE));
    assert.equal(liveness.wantsPassive(monotonicMs(100)), false);
    assert.equal(liveness.wantsPassive(monotonicMs(760)), true);
  });

  it('refuses weights that were fitted for other cues', () => {
    assert.throws(
      () => new TrackLiveness({ ...PASSIVE_ONLY, cues: ['something-else'] }),
      (fault) => fault instanceof PorticoError && fault.code === 'PORTICO_MODEL_CALIBRATION',
    );
  });
});

describe('TrackLiveness with the shipped weights', () => {
  it('lets in somebody who moves and looks alive, within four seconds', () => {
    const random = seededRandom(5);
    const assessments = lookAt(SHIPPED, 4, (atMs) =>
      aLivenessSample(atMs, withNoise(presentedMesh('head', lively(atMs)), 0.15, random)),
    );
    assert.ok(assessments.some(({ outcome }) => outcome === 'bona-fide'));
    assert.ok(assessments.every(({ outcome }) => outcome !== 'attack'));
  });

  it('does not take somebody who stands as still as a statue for an attack, but asks', () => {
    const random = seededRandom(6);
    const unsure = {
      wide: [0.5, 0.499, 0.001],
      tight: [0.5, 0.499, 0.001],
      antispoof: 0.8,
    } as const;
    const assessments = lookAt(SHIPPED, 12, (atMs) =>
      aLivenessSample(atMs, withNoise(FACE, 0.05, random), { passive: unsure }),
    );
    assert.deepEqual(outcomesOf(assessments), ['undecided']);
    const last = assessments.at(-1);
    assert.ok(last?.outcome === 'undecided' && last.challengeDue === true);
    // It is for lack of motion that the ratio itself has long said otherwise.
    assert.ok(last.logLikelihoodRatio < SHIPPED.bounds.attack / 2);
  });

  it('lets no picture in whose passive scores are those of a picture, however it is moved', () => {
    const random = seededRandom(7);
    for (const presentation of ['flat-picture', 'bent-picture'] as const) {
      const assessments = lookAt(SHIPPED, 10, (atMs) =>
        aLivenessSample(
          atMs,
          withNoise(
            presentedMesh(presentation, { yawDeg: 12 * Math.sin(atMs / 600) }),
            0.15,
            random,
          ),
          { passive: LIFELESS },
        ),
      );
      assert.ok(assessments.every(({ outcome }) => outcome !== 'bona-fide'));
    }
  });
});
