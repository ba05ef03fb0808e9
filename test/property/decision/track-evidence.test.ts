import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { TrackEvidence } from '../../../src/decision/track-evidence.ts';
import { similarity } from '../../../src/domain/units.ts';
import { cosineSimilarity } from '../../../src/numeric/linear-algebra.ts';
import { MODEL_ID } from '../../helpers/decision-builders.ts';
import { aFrameOf, aProbe, aSubject, atAngle } from '../../helpers/observation-builders.ts';

/** Two people 90 degrees apart, each scattering by up to 20 degrees; agreement asks for 60. */
const PERSON_ANGLES = [0, 90] as const;

const frames = fc.array(
  fc.record({
    person: fc.constantFrom(0, 1),
    scatterDeg: fc.integer({ min: -10, max: 10 }),
    /** The tracker is often wrong: it keeps the number while the person changes. */
    trackId: fc.constantFrom(1, 1, 1, 2),
    stepMs: fc.integer({ min: 1, max: 250 }),
    hasRival: fc.constantFrom(false, false, false, true),
  }),
  { minLength: 1, maxLength: 40 },
);

describe('track evidence, for any sequence of frames', () => {
  it('never holds two people, whatever the tracker believes', () => {
    fc.assert(
      fc.property(frames, (sequence) => {
        const track = new TrackEvidence({
          modelId: MODEL_ID,
          dimension: 2,
          policy: { capacity: 5, windowMs: 2_000, maxGapMs: 200, agreementFmr: 1e-3 },
          agreement: similarity(0.5),
        });
        let atMs = 0;
        let sinceMs = 0;
        let before: { person: number; trackId: number } | undefined;
        for (const { person, scatterDeg, trackId, stepMs, hasRival } of sequence) {
          atMs += stepMs;
          const probe = aProbe(atAngle(PERSON_ANGLES[person === 0 ? 0 : 1] + scatterDeg));
          track.observe(aFrameOf(atMs, aSubject({ trackId, probes: [probe] }), { hasRival }));
          const isSame = before?.person === person && before.trackId === trackId;
          if (!isSame || stepMs > 200 || hasRival) sinceMs = atMs;
          before = { person, trackId };
          const summary = track.summary();
          if (hasRival) assert.equal(summary, undefined);
          if (summary === undefined) continue;
          assert.equal(summary.trackId, trackId);
          assert.ok(summary.oldestAtMs >= sinceMs, 'evidence outlived its face');
          assert.ok(summary.weakestPair >= 0.5);
          const fused = track.fusedProbe();
          assert.ok(fused !== undefined);
          const stranger = atAngle(PERSON_ANGLES[person === 0 ? 1 : 0]);
          assert.ok(cosineSimilarity(fused.embedding, stranger) < 0.5, 'a score was inherited');
        }
      }),
    );
  });
});
