import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { CueKind } from '../../../src/liveness/cues/cue.ts';
import { fusionScore, horizonFor } from '../../../src/liveness/fusion-score.ts';
import { aFusion } from '../../helpers/liveness-fusions.ts';

const KINDS: readonly CueKind[] = ['appearance', 'appearance', 'motion'];
const FUSION = { cues: ['a', 'b', 'm'], cueLimit: 2.5 };

const horizon = (species: readonly (readonly number[])[], offset = 0, slope = 1) => ({
  centres: [1, 0, 0],
  scales: [2, 1, 1],
  species: species.map((weights, index) => ({ species: `s${index}`, intercept: 0.5, weights })),
  slope,
  offset,
});

const ratioOf = (values: readonly number[], species = [[1, 2, 3]]) =>
  fusionScore(FUSION, horizon(species), Float64Array.from(values), KINDS).logLikelihoodRatio;

describe('fusionScore', () => {
  it('adds up standardised cues, worked by hand', () => {
    // (3 - 1) / 2 = 1; 0.5; -1: 0.5 + 1 * 1 + 2 * 0.5 + 3 * -1
    assert.ok(Math.abs(ratioOf([3, 0.5, -1]) - -0.5) < 1e-12);
  });

  it('lets no cue count further than the limit', () => {
    assert.equal(ratioOf([1, 0, 100]), ratioOf([1, 0, 2.5]));
  });

  it('takes a missing cue for no evidence: the same as an average one', () => {
    assert.equal(ratioOf([Number.NaN, 0.5, 1]), ratioOf([1, 0.5, 1]));
  });

  it('believes the species that fits best', () => {
    // Ratios 0.5 + 5 and 0.5 - 5 with equal odds beforehand: -log((e^-5.5 + e^4.5) / 2)
    const mixed = ratioOf(
      [1, 2, 0],
      [
        [0, 2.5, 0],
        [0, -2.5, 0],
      ],
    );
    assert.ok(Math.abs(mixed - -Math.log((Math.exp(-5.5) + Math.exp(4.5)) / 2)) < 1e-9);
  });

  it('explains itself: contributions follow the weights of the species that fits', () => {
    const { contributions } = fusionScore(
      FUSION,
      horizon([
        [0, 2.5, 0],
        [0, -2.5, 0],
      ]),
      Float64Array.of(Number.NaN, 2, 0),
      KINDS,
    );
    assert.equal(contributions[0]?.value, undefined);
    assert.equal(contributions[0]?.contribution, 0);
    assert.ok((contributions[1]?.contribution ?? 0) < -4.5);
  });

  it('never lets a lack of motion speak for an attack', () => {
    const number = fc.double({ min: -5, max: 5, noNaN: true });
    const row = fc.array(number, { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(row, fc.array(row, { minLength: 1, maxLength: 4 }), (values, species) => {
        const score = (motion: number) =>
          fusionScore(
            FUSION,
            horizon(species),
            Float64Array.of(values[0]!, values[1]!, motion),
            KINDS,
          );
        const looksAlone = score(Number.NaN).logLikelihoodRatio;
        const { ratioWithoutStillness, logLikelihoodRatio } = score(values[2]!);
        assert.ok(ratioWithoutStillness >= looksAlone - 1e-9);
        assert.ok(ratioWithoutStillness >= logLikelihoodRatio - 1e-9);
      }),
    );
  });

  it('tells apart what motion added', () => {
    const { motionRatio } = fusionScore(
      FUSION,
      horizon([[1, 2, 3]], 0, 0.5),
      Float64Array.of(3, 0.5, -1),
      KINDS,
    );
    assert.ok(Math.abs(motionRatio - -1.5) < 1e-12);
  });

  it('is finite for every input that is a number or missing', () => {
    const value = fc.oneof(fc.double({ min: -1e6, max: 1e6 }), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(value, { minLength: 3, maxLength: 3 }), (values) => {
        assert.ok(Number.isFinite(ratioOf(values)));
      }),
    );
  });
});

describe('horizonFor', () => {
  it('takes the longest horizon that the track has reached', () => {
    const fusion = aFusion({});
    assert.equal(horizonFor(fusion, 1), undefined);
    assert.equal(horizonFor(fusion, 3)?.samples, 3);
    assert.equal(horizonFor(fusion, 99)?.samples, 5);
  });
});
