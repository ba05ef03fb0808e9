import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { calibrationProblems } from '../../../src/decision/calibration-problems.ts';
import { PorticoError } from '../../../src/domain/errors.ts';
import { type CalibrateOptions, calibrate } from '../../../src/evaluation/calibrate.ts';
import type { CalibrationResult } from '../../../src/evaluation/calibration-of.ts';
import { labelledPictures } from '../../../src/evaluation/labelled-pictures.ts';
import { pairsOfPictures } from '../../../src/evaluation/pairs-of-pictures.ts';
import type { EncodeFace } from '../../../src/evaluation/picture-encoder.ts';
import { renderCalibration } from '../../../src/evaluation/render-calibration.ts';
import { writeCalibration } from '../../../src/evaluation/write-calibration.ts';
import { readCalibration } from '../../../src/inference/calibration-file.ts';
import { l2NormalizeInPlace } from '../../../src/numeric/linear-algebra.ts';
import { seededRandom } from '../../../src/numeric/random.ts';

const PEOPLE = 60;
const PICTURES = 3;
const LOST = 'p7/2.jpg';

/** A direction per person, with some noise per picture. */
const encodeFace: EncodeFace = async (file) => {
  const picture = `${basename(dirname(file))}/${basename(file)}`;
  if (picture === LOST) return { outcome: 'not-acquired', reason: 'no face was found' };
  const [person = 0, number = 0] = (picture.match(/\d+/g) ?? []).map(Number);
  const own = seededRandom(person + 1);
  const noise = seededRandom(1000 + person * PICTURES + number);
  const embedding = Float32Array.from({ length: 16 }, () => own() - 0.5 + 0.3 * (noise() - 0.5));
  return {
    outcome: 'encoded',
    embeddings: [{ modelId: 'made-up', embedding: l2NormalizeInPlace(embedding) }],
  };
};

async function calibrateOne(options: CalibrateOptions): Promise<CalibrationResult> {
  const [result, ...others] = await calibrate(options);
  assert.ok(result !== undefined && others.length === 0);
  return result;
}

describe('calibrate', () => {
  let root = '';
  let options: CalibrateOptions;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'portico-calibrate-'));
    for (let person = 0; person < PEOPLE; person += 1) {
      await mkdir(join(root, `people/p${person}`), { recursive: true });
      for (let number = 1; number <= PICTURES; number += 1) {
        await writeFile(join(root, `people/p${person}/${number}.jpg`), '');
      }
    }
    await mkdir(join(root, 'models/made-up'), { recursive: true });
    options = {
      root: join(root, 'people'),
      encoderIds: ['made-up'],
      dataName: 'made-up people',
      date: '2026-01-31',
      encodeFace,
    };
  });
  after(() => rm(root, { recursive: true }));

  it('compares every picture of a labelled folder and says what it left out', async () => {
    const { calibration, notAcquired } = await calibrateOne(options);
    const samples = PEOPLE * PICTURES - 1;
    const matedTrials = (PEOPLE - 1) * 3 + 1;
    assert.equal(notAcquired, 1);
    assert.deepEqual(calibration.data, {
      name: 'made-up people',
      subjects: PEOPLE,
      samples,
      matedTrials,
      nonMatedTrials: (samples * (samples - 1)) / 2 - matedTrials,
    });
    assert.equal(calibration.dimension, 16);
    assert.ok(calibration.claims.some((claim) => claim.includes('could be encoded: 1')));
  });

  it('gives a curve that the decision accepts', async () => {
    const { calibration } = await calibrateOne(options);
    assert.deepEqual(calibrationProblems(calibration), []);
  });

  it('writes a file that reads back as it was, without leftovers', async () => {
    const { calibration } = await calibrateOne(options);
    const modelsDir = join(root, 'models');
    const path = await writeCalibration(modelsDir, calibration);
    assert.equal(path, join(modelsDir, 'made-up/calibration.json'));
    assert.deepEqual(readCalibration(modelsDir, 'made-up'), calibration);
  });

  it('leaves out pictures whose label is wrong, and refuses a name that is not in the list', async () => {
    const { calibration } = await calibrateOne({ ...options, mislabelled: ['p3/1.jpg'] });
    assert.equal(calibration.data.samples, PEOPLE * PICTURES - 2);
    assert.ok(calibration.claims.some((claim) => claim.includes('label is wrong: 1')));
    await assert.rejects(
      calibrate({ ...options, mislabelled: ['p3/9.jpg'] }),
      (error: unknown) => error instanceof PorticoError && error.message.includes('p3/9.jpg'),
    );
  });

  it('takes a list in place of the folder', async () => {
    const list = join(root, 'list.csv');
    await writeFile(list, 'file\np1/1.jpg\np1/2.jpg\np2/1.jpg\n');
    assert.deepEqual(
      pairsOfPictures(await labelledPictures(options.root, list)).map(({ left, right, mated }) => [
        left,
        right,
        mated,
      ]),
      [
        ['p1/1.jpg', 'p1/2.jpg', true],
        ['p1/1.jpg', 'p2/1.jpg', false],
      ],
    );
  });

  it('needs at least two people', async () => {
    await assert.rejects(labelledPictures(join(root, 'nobody')), PorticoError);
  });

  it('prints measured and extrapolated points apart', async () => {
    const text = renderCalibration(await calibrateOne(options));
    assert.match(text, /measured/);
    assert.match(text, /extrapolated/);
  });
});
