import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ALL_CUES, cueVector } from '../../../src/liveness/cues/all-cues.ts';
import { TrackLiveness } from '../../../src/liveness/track-liveness.ts';
import { seededRandom } from '../../../src/numeric/random.ts';
import { aFusion } from '../../helpers/liveness-fusions.ts';
import {
  aLivenessSample,
  keyFramesOf,
  type Posture,
  presentedMesh,
  withNoise,
} from '../../helpers/synthetic-faces.ts';

const posture: fc.Arbitrary<Posture> = fc.record({
  yawDeg: fc.double({ min: -60, max: 60, noNaN: true }),
  pitchDeg: fc.double({ min: -60, max: 60, noNaN: true }),
  eyeRatio: fc.double({ min: 0, max: 0.6, noNaN: true }),
  mouthGap: fc.double({ min: 0, max: 0.5, noNaN: true }),
  centreXPx: fc.double({ min: -1e4, max: 1e4, noNaN: true }),
  heightPx: fc.double({ min: 1, max: 4_000, noNaN: true }),
});
const presentation = fc.constantFrom('head', 'flat-picture', 'bent-picture' as const);
const probability = fc.double({ min: 0, max: 1, noNaN: true });
const probabilities = fc.tuple(probability, probability, probability);
const passive = fc.record({
  wide: probabilities,
  tight: probabilities,
  antispoof: probability,
});

describe('the cues, over any track', () => {
  it('are finite numbers or missing, never infinite', () => {
    fc.assert(
      fc.property(
        presentation,
        fc.array(posture, { minLength: 2, maxLength: 6 }),
        passive,
        (kind, postures, scores) => {
          const frames = keyFramesOf(kind, postures, scores);
          for (const cue of ALL_CUES) {
            const value = cue.measure(frames);
            assert.ok(value === undefined || Number.isFinite(value), `${cue.name} is ${value}`);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are all there for an ordinary track, in the order of their names', () => {
    const values = cueVector(keyFramesOf('head', [{}, { yawDeg: 5 }, { eyeRatio: 0.2 }]));
    assert.equal(values.length, new Set(ALL_CUES.map(({ name }) => name)).size);
    assert.ok(values.every((value) => Number.isFinite(value)));
  });
});

describe('TrackLiveness, over any history', () => {
  /** Every cue counts, so that any evidence left over would show. */
  const fusion = aFusion(Object.fromEntries(ALL_CUES.map(({ name }) => [name, 0.1])));
  const visit = (liveness: TrackLiveness, trackId: number, fromMs: number) => {
    const random = seededRandom(trackId);
    return Array.from({ length: 25 }, (_, index) =>
      liveness.observe(
        aLivenessSample(
          fromMs + 100 * index,
          withNoise(presentedMesh('head', { yawDeg: 4 * Math.sin(index + trackId) }), 0.2, random),
          { trackId },
        ),
      ),
    );
  };

  it('says of a track what it would say had there been no other before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(presentation, posture, passive), { maxLength: 30 }),
        (history) => {
          const used = new TrackLiveness(fusion);
          for (const [index, [kind, where, scores]] of history.entries()) {
            used.observe(
              aLivenessSample(index * 200, presentedMesh(kind, where), {
                trackId: 1,
                passive: scores,
              }),
            );
          }
          assert.deepEqual(visit(used, 2, 10_000), visit(new TrackLiveness(fusion), 2, 10_000));
        },
      ),
      { numRuns: 30 },
    );
  });
});
