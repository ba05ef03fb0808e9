import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { comparePairs } from '../../../src/evaluation/compare-pairs.ts';
import { encodePictures } from '../../../src/evaluation/encode-pictures.ts';
import { evaluatePairs } from '../../../src/evaluation/evaluate-pairs.ts';
import { evaluateRecall } from '../../../src/evaluation/evaluate-recall.ts';
import { parsePairsCsv } from '../../../src/evaluation/pairs-csv.ts';
import { photoEncoder } from '../../../src/evaluation/photo-encoder.ts';
import { readCalibration } from '../../../src/inference/calibration-file.ts';
import { PhotoAnalyser } from '../../../src/vision/photo-analyser.ts';
import { modelsDir, preparedVision, unprepared } from '../../helpers/prepared-vision.ts';
import { SHARED, withoutShared } from '../../helpers/shared-data.ts';

const root = join(SHARED, 'faces/lfw');
const developmentPairs = join(SHARED, 'faces/pairs-dev.csv');
/** Every so-manieth pair: enough to notice a wrong crop or colour order, quick enough for every run. */
const EVERY = 20;

const models = unprepared();
const skip = models === false ? withoutShared('faces/pairs-dev.csv') : models;

for (const encoderId of ['mobilefacenet-512', 'resnet-128']) {
  describe(`${encoderId} on labelled photographs`, { skip }, () => {
    let analyser: PhotoAnalyser;
    let folder = '';
    let pairsCsv = '';
    before(async () => {
      analyser = await PhotoAnalyser.open(preparedVision(encoderId));
      folder = await mkdtemp(join(tmpdir(), 'portico-real-faces-'));
      pairsCsv = join(folder, 'pairs.csv');
      const [header = '', ...rows] = (await readFile(developmentPairs, 'utf8')).trim().split('\n');
      const few = rows.filter((_, index) => index % EVERY === 0);
      await writeFile(pairsCsv, [header, ...few].join('\n'));
    });
    after(async () => {
      await analyser.close();
      await rm(folder, { recursive: true });
    });

    it('tells people apart and acquires every face', async () => {
      const encodePicture = photoEncoder(analyser, encoderId);
      const report = await evaluatePairs({ pairsCsv, root, encoderId, encodePicture });
      assert.equal(report.pairs, 1000 / EVERY);
      assert.equal(report.fta, 0);
      assert.ok(report.accuracy.mean >= 0.94, `accuracy ${report.accuracy.mean}`);
      assert.ok((report.tarAtFmr[0]?.tar ?? 0) >= 0.92, `TAR ${report.tarAtFmr[0]?.tar}`);
    });

    it('has a calibration that holds for people it was not measured on', async () => {
      const calibration = readCalibration(modelsDir, encoderId);
      const point = calibration?.points.find(({ fmr }) => fmr <= 1e-3);
      assert.ok(point !== undefined);
      const pairs = parsePairsCsv(await readFile(pairsCsv, 'utf8'), pairsCsv);
      const encoded = await encodePictures(
        pairs.flatMap(({ left, right }) => [left, right]),
        { root, encodePicture: photoEncoder(analyser, encoderId) },
      );
      const accepted = comparePairs(pairs, encoded).filter(
        ({ similarity }) => similarity !== 'not-acquired' && similarity >= point.threshold,
      );
      assert.ok(accepted.every(({ mated }) => mated));
      assert.ok(accepted.length > 0.75 * pairs.filter(({ mated }) => mated).length);
    });
  });
}

describe('detection on pasted photographs', { skip }, () => {
  let analyser: PhotoAnalyser;
  before(async () => {
    analyser = await PhotoAnalyser.open(preparedVision());
  });
  after(() => analyser.close());

  it('finds faces of a tenth of the frame and more, and smaller ones at a second look', async () => {
    const options = { pairsCsv: developmentPairs, root, portraits: 12 };
    const large = await evaluateRecall({
      ...options,
      sizeRatios: [0.1, 0.4, 0.8],
      detectFaces: async (image) => (await analyser.detect(image)).map(({ box }) => box),
    });
    assert.ok(large.recallAboveGoalSize >= 0.98, `${large.recallAboveGoalSize}`);
    const small = await evaluateRecall({
      ...options,
      sizeRatios: [0.07, 0.08],
      detectFaces: async (image) => (await analyser.search(image)).map(({ box }) => box),
    });
    assert.ok(small.recallAboveGoalSize >= 0.95, `${small.recallAboveGoalSize}`);
  });
});
