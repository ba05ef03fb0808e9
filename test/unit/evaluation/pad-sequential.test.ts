import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PadExample } from '../../../src/evaluation/pad-examples.ts';
import { padOperatingPoint } from '../../../src/evaluation/pad-operating-point.ts';
import { padRatesAt, samplesBy } from '../../../src/evaluation/pad-rates.ts';
import type { ClipScores } from '../../../src/evaluation/pad-score.ts';
import { sequentialBounds, sequentialOutcomes } from '../../../src/evaluation/pad-sequential.ts';

/** A clip with those ratios at 3, 4, 5 ... key frames; refusal and motion follow them unless said. */
function clip(
  species: string,
  ratios: readonly number[],
  rest: { readonly motion?: number } = {},
): ClipScores {
  const example: PadExample = {
    clip: 'c',
    person: 'p',
    species,
    keyFrameTimesMs: Array.from({ length: ratios.length + 2 }, (_, index) => 750 * index),
    windows: new Map(),
  };
  return {
    example,
    bySamples: new Map(
      ratios.map((logLikelihoodRatio, index) => [
        index + 3,
        {
          logLikelihoodRatio,
          ratioWithoutStillness: logLikelihoodRatio,
          motionRatio: rest.motion ?? 1,
          contributions: [],
          marksRatio: 0,
        },
      ]),
    ),
  };
}

const many = (count: number, make: (index: number) => ClipScores): readonly ClipScores[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe('sequentialBounds', () => {
  it("are no laxer than Wald's", () => {
    const bounds = sequentialBounds([
      ...many(60, () => clip('bona-fide', [9])),
      ...many(60, () => clip('print', [-9])),
    ]);
    assert.ok(bounds.bonaFide >= Math.log(0.98 / 0.05) && bounds.bonaFide < 3);
    assert.ok(bounds.attack <= Math.log(0.02 / 0.95) && bounds.attack > -4);
  });

  it('move out until one attack in twenty of the worst species ever reaches them', () => {
    const clips = [
      ...many(60, () => clip('bona-fide', [9])),
      ...many(60, () => clip('print', [-9])),
      // Highest in the middle: looking often counts.
      ...many(60, (index) => clip('replay', [0, index < 6 ? 5 + index : 0, -3])),
    ];
    const bounds = sequentialBounds(clips);
    const { replay } = sequentialOutcomes(clips, bounds, () => 13);
    assert.ok((replay?.bonaFide ?? 1) <= 0.05);
    assert.ok(bounds.bonaFide >= 7 && bounds.bonaFide < 7.02);
  });

  it('move out until hardly any bona fide clip is refused', () => {
    const clips = [
      ...many(60, (index) => clip('bona-fide', [index < 3 ? -6 - index : 4])),
      ...many(60, () => clip('print', [-9])),
    ];
    const bounds = sequentialBounds(clips);
    const outcomes = sequentialOutcomes(clips, bounds, () => 13);
    assert.ok((outcomes['bona-fide']?.attack ?? 1) <= 0.02);
  });

  it('ask no more motion than nearly all bona fide clips show', () => {
    const clips = [
      ...many(60, (index) => clip('bona-fide', [9], { motion: index === 0 ? -7 : -0.5 })),
      ...many(60, () => clip('print', [9], { motion: -3 })),
    ];
    const bounds = sequentialBounds(clips);
    assert.ok(bounds.motion <= -0.5 && bounds.motion > -0.6);
    const outcomes = sequentialOutcomes(clips, bounds, () => 13);
    assert.deepEqual(outcomes['print'], { bonaFide: 0, attack: 0, undecided: 1 });
  });
});

describe('sequentialOutcomes', () => {
  it('goes by the first decision within the time', () => {
    const clips = [clip('bona-fide', [1, 3, 9]), clip('print', [0, -5, 9])];
    const bounds = { bonaFide: 3, attack: -4, motion: 0, fewestSamples: 3 };
    const at = (samples: number) => sequentialOutcomes(clips, bounds, () => samples);
    assert.equal(at(3)['bona-fide']?.undecided, 1);
    assert.equal(at(4)['bona-fide']?.bonaFide, 1);
    assert.equal(at(13)['print']?.attack, 1);
  });
});

describe('padOperatingPoint', () => {
  it('leaves at most one bona fide clip in twenty below it', () => {
    const clips = [
      ...many(60, (index) => clip('bona-fide', [index])),
      ...many(9, () => clip('print', [99])),
    ];
    assert.equal(padOperatingPoint(clips, 3), 3);
  });

  it('is not there for tracks longer than any bona fide clip', () => {
    assert.equal(padOperatingPoint([clip('bona-fide', [1])], 4), undefined);
  });
});

describe('padRatesAt', () => {
  const horizons = [
    { samples: 3, threshold: 0 },
    { samples: 4, threshold: 5 },
  ];
  const clips = [
    clip('bona-fide', [1, 6]),
    clip('bona-fide', [-1, 6]),
    clip('print', [-2, 4]),
    clip('print', [1, 7]),
  ];

  it('holds each clip against the threshold of its own length', () => {
    const early = padRatesAt(clips, horizons, 1.5);
    assert.equal(early.bpcer.rate, 0.5);
    assert.equal(early.apcer['print']?.rate, 0.5);
    const later = padRatesAt(clips, horizons, 2.25);
    assert.equal(later.bpcer.rate, 0);
    assert.equal(later.apcer['print']?.rate, 0.5);
  });

  it('counts a clip that is too short as having proved nothing', () => {
    const short = clip('bona-fide', []);
    const { bpcer } = padRatesAt([...clips, short], horizons, 2.25);
    assert.equal(bpcer.rate, 1 / 3);
  });

  it('lets a key frame be one source frame late', () => {
    const [first] = clips;
    assert.ok(first !== undefined);
    const late = { ...first, example: { ...first.example, keyFrameTimesMs: [0, 1_040, 2_080] } };
    assert.equal(samplesBy(late, 1), 2);
    assert.equal(samplesBy(late, 2), 2);
  });
});
