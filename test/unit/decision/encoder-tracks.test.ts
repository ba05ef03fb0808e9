import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EncoderTracks } from '../../../src/decision/encoder-tracks.ts';
import type { TrackEvidenceOptions } from '../../../src/decision/track-evidence.ts';
import type { Observation } from '../../../src/domain/observation.ts';
import { similarity } from '../../../src/domain/units.ts';
import { MODEL_ID } from '../../helpers/decision-builders.ts';
import { aFrameOf, aProbe, aSubject, atAngle } from '../../helpers/observation-builders.ts';

const FUSED = 'fused';

const options = (modelId: string): TrackEvidenceOptions => ({
  modelId,
  dimension: 2,
  policy: { capacity: 3, windowMs: 1_000, maxGapMs: 300, agreementFmr: 1e-3 },
  agreement: similarity(0.5),
});

const tracks = (): EncoderTracks => new EncoderTracks(options(MODEL_ID), options(FUSED));

/** A frame whose own embedding points one way and, if it has a fused one, that another. */
const seen = (atMs: number, ownDeg: number, fusedDeg?: number): Observation =>
  aFrameOf(
    atMs,
    aSubject({
      probes: [
        aProbe(atAngle(ownDeg)),
        ...(fusedDeg === undefined ? [] : [aProbe(atAngle(fusedDeg), FUSED)]),
      ],
    }),
  );

const everybody = (): boolean => true;
const goodFrames = (both: EncoderTracks, modelId: string): number | undefined => {
  const wanted = modelId === FUSED ? 1 : Number.POSITIVE_INFINITY;
  return both.deciding(wanted, everybody).summary()?.goodFrames;
};

describe('the evidence of two encoders', () => {
  it('decides by the fused one when it has frames enough', () => {
    const both = tracks();
    both.observe(seen(0, 10, 10));
    assert.equal(both.deciding(2, everybody).summary()?.modelId, MODEL_ID);
    both.observe(seen(100, 10, 10));
    assert.equal(both.deciding(2, everybody).summary()?.modelId, FUSED);
  });

  it('decides by its own while somebody has no template of the fused one', () => {
    const both = tracks();
    both.observe(seen(0, 10, 10));
    both.observe(seen(100, 10, 10));
    const summary = both.deciding(2, (modelId) => modelId !== FUSED).summary();
    assert.equal(summary?.modelId, MODEL_ID);
  });

  it('decides by its own where there is no fusion', () => {
    const one = new EncoderTracks(options(MODEL_ID), undefined);
    one.observe(seen(0, 10, 10));
    assert.equal(one.deciding(1, everybody).summary()?.modelId, MODEL_ID);
  });

  it('throws both away when only one notices another person', () => {
    for (const [ownDeg, fusedDeg] of [
      [10, 170],
      [170, 10],
    ] as const) {
      const both = tracks();
      both.observe(seen(0, 10, 10));
      both.observe(seen(100, 10, 10));
      assert.equal(both.observe(seen(200, ownDeg, fusedDeg)), 'disagreement');
      assert.equal(goodFrames(both, MODEL_ID), 1);
      assert.equal(goodFrames(both, FUSED), 1);
    }
  });

  it('keeps nothing of the person before who was seen by the fused one alone in part of the frames', () => {
    const both = tracks();
    both.observe(seen(0, 10, 10));
    both.observe(seen(100, 10));
    assert.equal(both.observe(seen(200, 170)), 'disagreement');
    assert.equal(goodFrames(both, MODEL_ID), 1);
    // Without evidence of its own the fused one cannot decide.
    assert.equal(both.deciding(1, everybody).summary()?.modelId, MODEL_ID);
  });

  it('forgets both', () => {
    const both = tracks();
    both.observe(seen(0, 10, 10));
    both.forget();
    assert.equal(goodFrames(both, MODEL_ID), undefined);
    assert.equal(both.deciding(1, everybody).summary(), undefined);
  });
});
