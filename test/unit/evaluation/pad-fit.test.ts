import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { areaUnderRoc } from '../../../src/evaluation/area-under-roc.ts';
import { leavePeopleOut, peopleOf } from '../../../src/evaluation/pad-cross-validation.ts';
import type { PadExample } from '../../../src/evaluation/pad-examples.ts';
import { fitHorizon } from '../../../src/evaluation/pad-horizon-fit.ts';
import { scoreClip } from '../../../src/evaluation/pad-score.ts';
import { BONA_FIDE } from '../../../src/evaluation/presentation-attack-rates.ts';
import { seededRandom } from '../../../src/numeric/random.ts';
import { drawnExamples } from '../../helpers/pad-examples.ts';

const CLIPS = { people: 4, clipsPerKind: 8, species: ['print', 'replay'], apart: 1.5, seed: 3 };

/** AUC over all clips at the longest horizon, each scored by weights that have not seen its person. */
function leftOutAuc(examples: readonly PadExample[]): number {
  const folds = leavePeopleOut(examples);
  const ratios = { bonaFide: [] as number[], attack: [] as number[] };
  for (const example of examples) {
    const fold = folds.find(({ person }) => person === example.person);
    const score = scoreClip(example, fold?.horizons ?? []).bySamples.get(13);
    ratios[example.species === BONA_FIDE ? 'bonaFide' : 'attack'].push(
      score?.logLikelihoodRatio ?? Number.NaN,
    );
  }
  return areaUnderRoc(ratios.bonaFide, ratios.attack);
}

describe('leavePeopleOut', () => {
  it('finds on people left out what was drawn into the clips', () => {
    const auc = leftOutAuc(drawnExamples(CLIPS));
    assert.ok(auc > 0.85, `AUC ${auc}`);
  });

  it('finds nothing when the labels are shuffled: no label leaks into its own score', () => {
    const examples = drawnExamples({ ...CLIPS, apart: 0, seed: 4 });
    const random = seededRandom(9);
    const kinds = examples.map(({ species }) => species);
    for (let last = kinds.length - 1; last > 0; last -= 1) {
      const other = Math.floor(random() * (last + 1));
      [kinds[last], kinds[other]] = [kinds[other]!, kinds[last]!];
    }
    const shuffled = examples.map((example, index) => ({ ...example, species: kinds[index]! }));
    const auc = leftOutAuc(shuffled);
    assert.ok(Math.abs(auc - 0.5) < 0.15, `AUC ${auc}`);
  });

  it('keeps every person out of his own fold', () => {
    const examples = drawnExamples({ ...CLIPS, clipsPerKind: 2 });
    // One person's cues are absurd; the fold that leaves him out must not know.
    const marked = examples.map((example) =>
      example.person === 'person-0'
        ? {
            ...example,
            windows: new Map(
              [...example.windows].map(([samples, rows]) => [
                samples,
                rows.map((row) => row.map(() => 1e6)),
              ]),
            ),
          }
        : example,
    );
    const centresOf = (person: string) =>
      leavePeopleOut(marked).find((fold) => fold.person === person)?.horizons[0]?.centres ?? [];
    assert.ok(centresOf('person-0').every((centre) => Math.abs(centre) < 10));
    assert.ok(centresOf('person-1').every((centre) => Math.abs(centre) > 1_000));
    assert.equal(peopleOf(marked).length, 4);
  });
});

describe('fitHorizon', () => {
  it('lets every species count alike, however many its clips are', () => {
    const examples = drawnExamples(CLIPS);
    const doubled = [...examples, ...examples.filter(({ species }) => species === 'replay')];
    const numbersOf = (from: readonly PadExample[]) => {
      const { centres, scales, species } = fitHorizon(from, 13, 1);
      const fitted = species.flatMap(({ intercept, weights }) => [intercept, ...weights]);
      return [...centres, ...scales, ...fitted];
    };
    const once = numbersOf(examples);
    for (const [index, value] of numbersOf(doubled).entries()) {
      assert.ok(Math.abs(value - (once[index] ?? Number.NaN)) < 1e-6);
    }
  });

  it('takes missing cues out of the scaling and keeps the fit finite', () => {
    const examples = drawnExamples(CLIPS).map((example, index) => ({
      ...example,
      windows: new Map(
        [...example.windows].map(([samples, rows]) => [
          samples,
          rows.map((row) =>
            row.map((value, cue) =>
              cue === 5 || (index % 3 === 0 && cue === 0) ? Number.NaN : value,
            ),
          ),
        ]),
      ),
    }));
    const horizon = fitHorizon(examples, 4, 1);
    const numbers = [
      ...horizon.centres,
      ...horizon.scales,
      ...horizon.species.flatMap(({ weights, intercept }) => [...weights, intercept]),
    ];
    assert.ok(numbers.every(Number.isFinite));
    assert.ok(horizon.species.every(({ weights }) => Math.abs(weights[5] ?? 1) < 1e-9));
  });
});

describe('areaUnderRoc', () => {
  it('counts wins and half the ties, worked by hand', () => {
    // 3 beats 1, 2, 2; 2 beats 1 and ties twice: (3 + 1 + 2 / 2) / 6
    assert.equal(areaUnderRoc([3, 2], [1, 2, 2]), 5 / 6);
  });

  it('is one half for equal scores and one for separate ones', () => {
    assert.equal(areaUnderRoc([1, 1], [1]), 0.5);
    assert.equal(areaUnderRoc([2], [1]), 1);
    assert.equal(areaUnderRoc([1], [2]), 0);
  });
});
