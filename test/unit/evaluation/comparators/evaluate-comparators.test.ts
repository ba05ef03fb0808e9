import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PorticoError } from '../../../../src/domain/errors.ts';
import type { KnownSample } from '../../../../src/evaluation/all-comparisons.ts';
import { COMPARATORS } from '../../../../src/evaluation/comparators/comparator.ts';
import {
  type EvaluateComparatorsOptions,
  evaluateComparators,
} from '../../../../src/evaluation/comparators/evaluate-comparators.ts';
import { renderComparators } from '../../../../src/evaluation/comparators/render-comparators.ts';
import { madeUpPeople } from '../../../helpers/made-up-people.ts';

const DRAWN = { picturesEach: 3, telling: 8, idle: 24, noise: 1.1 };

describe('evaluateComparators', () => {
  let root = '';
  let options: EvaluateComparatorsOptions;
  const embeddings = new Map<string, KnownSample>();

  async function keep(samples: readonly KnownSample[]): Promise<string[]> {
    const paths: string[] = [];
    for (const [index, sample] of samples.entries()) {
      const path = `${sample.person}/${index}.jpg`;
      await mkdir(join(root, dirname(path)), { recursive: true });
      await writeFile(join(root, path), '');
      embeddings.set(join(root, path), sample);
      paths.push(path);
    }
    return paths;
  }

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'portico-comparators-'));
    const tested = await keep(madeUpPeople({ ...DRAWN, people: 40 }));
    const learned = await keep(madeUpPeople({ ...DRAWN, people: 40, from: 900 }));
    const rows = tested.flatMap((left, at) => {
      const [mated, stranger] = [tested[at + 1], tested[at + DRAWN.picturesEach]];
      if (at % DRAWN.picturesEach !== 0 || mated === undefined || stranger === undefined) return [];
      const isOdd = (at / DRAWN.picturesEach) % 2 === 1;
      return [`${left},${mated},1`, ...(isOdd ? [] : [`${left},${stranger},0`])];
    });
    await writeFile(join(root, 'pairs.csv'), ['left,right,mated', ...rows].join('\n'));
    await writeFile(join(root, 'train.csv'), ['file', ...learned].join('\n'));
    await writeFile(join(root, 'both.csv'), ['file', ...learned, 'p1/9.jpg'].join('\n'));
    await writeFile(join(root, 'p1/9.jpg'), '');
    options = {
      pairsCsv: join(root, 'pairs.csv'),
      trainList: join(root, 'train.csv'),
      root,
      encoderId: 'made-up',
      comparators: COMPARATORS,
      encodePicture: async (file) => {
        const embedding = embeddings.get(file)?.embedding ?? Float32Array.of(1);
        return { outcome: 'encoded', embedding, pose: { yawDeg: 0, pitchDeg: 0, rollDeg: 0 } };
      },
    };
  });
  after(() => rm(root, { recursive: true }));

  it('measures all on one split, and each against the cosine', async () => {
    const report = await evaluateComparators(options);
    assert.deepEqual(
      report.comparators.map(({ comparator }) => comparator),
      COMPARATORS,
    );
    for (const { comparator, head, everyComparison, accuracyGain } of report.comparators) {
      assert.equal(head?.people, comparator === 'chi-square' ? 40 : head && 40);
      // Two pictures of each person are in the list, but for the last, who has nobody after him.
      assert.equal(everyComparison.mated, 39);
      assert.ok(everyComparison.nonMated > 2900);
      const strictest = everyComparison.tarAtFmr.at(-1);
      assert.ok(strictest !== undefined && strictest.fmr === 1e-2);
      const isTwin = comparator === 'cosine' || comparator === 'squared-euclidean';
      if (isTwin) assert.deepEqual(strictest.gain, { value: 0, interval: [0, 0] });
      else assert.notEqual(strictest.gain.value, 0);
      assert.ok(strictest.interval[0] <= strictest.tar && strictest.tar <= strictest.interval[1]);
      assert.ok(accuracyGain.interval[0] <= accuracyGain.value);
      assert.ok(accuracyGain.value <= accuracyGain.interval[1]);
    }
    assert.match(renderComparators(report), /chi-square learned from \d+ pairs of 40 other people/);
  });

  it('lets nobody be tested on whom a head has learned from', async () => {
    await assert.rejects(
      evaluateComparators({ ...options, trainList: join(root, 'both.csv') }),
      (error: unknown) => error instanceof PorticoError && /p1 is among/.test(error.message),
    );
  });

  it('asks for people to learn from where something is learned, and only there', async () => {
    const { trainList: _, ...alone } = options;
    await assert.rejects(
      evaluateComparators({ ...alone, comparators: ['chi-square'] }),
      (error: unknown) => error instanceof PorticoError && /--train/.test(error.remedy),
    );
    const { comparators } = await evaluateComparators({ ...alone, comparators: ['cosine'] });
    assert.equal(comparators[0]?.head, undefined);
  });
});
