import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderYawReport } from '../../../src/evaluation/render-report.ts';
import { type TurnedComparison, yawReport } from '../../../src/evaluation/yaw-bands.ts';

const many = (count: number, mated: boolean, yawDeg: number, similarity: number) =>
  Array.from({ length: count }, (): TurnedComparison => ({ mated, yawDeg, similarity }));

describe('yawReport', () => {
  const comparisons = [
    ...many(50, true, 2, 0.8),
    ...many(50, false, 2, 0.1),
    ...many(50, true, 7, 0.7),
    ...many(39, true, 12, 0.7),
    ...many(11, true, 12, 0.05),
    ...many(50, false, 12, 0.2),
    ...many(50, true, 17, 0.8),
  ];
  const report = yawReport('any', comparisons, 0.21);

  it('sorts comparisons into bands by the more turned face', () => {
    assert.deepEqual(
      report.bands.slice(0, 4).map(({ mated, nonMated }) => [mated, nonMated]),
      [
        [50, 50],
        [50, 0],
        [50, 50],
        [50, 0],
      ],
    );
  });

  it('judges all bands by one threshold', () => {
    assert.deepEqual(
      report.bands.slice(0, 4).map(({ tar }) => tar),
      [1, 1, 39 / 50, 1],
    );
    assert.equal(report.bands[2]?.accuracy, 89 / 100);
  });

  it('recommends the yaw before the first band that falls behind', () => {
    assert.equal(report.recommendedLimitDeg, 10);
  });

  it('does not vouch for a band with too few comparisons', () => {
    const few = yawReport(
      'any',
      [...many(50, true, 2, 0.8), ...many(9, true, 7, 0.8), ...many(50, false, 2, 0.1)],
      0.21,
    );
    assert.equal(few.recommendedLimitDeg, 5);
  });

  it('prints bands without data as such', () => {
    assert.match(renderYawReport(report), /40-90°\s+0\s+0\s+-\s+-/);
  });
});
