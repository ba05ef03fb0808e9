import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PorticoError } from '../../../src/domain/errors.ts';
import { evaluatePairs } from '../../../src/evaluation/evaluate-pairs.ts';
import type { EncodePicture } from '../../../src/evaluation/picture-encoder.ts';
import { renderPairsReport } from '../../../src/evaluation/render-report.ts';

const PEOPLE = 30;
const FRONTAL = { yawDeg: 0, pitchDeg: 0, rollDeg: 0 };

/** Each person is one axis; picture 3 of person 0 shows no face. */
const encodePicture: EncodePicture = async (file) => {
  const person = Number(basename(dirname(file)).slice(1));
  if (person === 0 && file.endsWith('3.jpg')) {
    return { outcome: 'not-acquired', reason: 'no face' };
  }
  const embedding = new Float32Array(PEOPLE);
  embedding[person] = 1;
  return { outcome: 'encoded', embedding, pose: FRONTAL };
};

describe('evaluatePairs', () => {
  let root = '';
  let pairsCsv = '';
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'portico-pairs-'));
    pairsCsv = join(root, 'pairs.csv');
    const lines = ['left,right,mated'];
    for (let person = 0; person < PEOPLE; person += 1) {
      await mkdir(join(root, `p${person}`));
      for (const picture of [1, 2, 3]) await writeFile(join(root, `p${person}/${picture}.jpg`), '');
      lines.push(`p${person}/1.jpg,p${person}/2.jpg,1`);
      if (person % 2 === 1) lines.push(`p${person}/1.jpg,p${person - 1}/1.jpg,0`);
    }
    lines.push('p0/1.jpg,p0/3.jpg,1', 'p0/3.jpg,p1/3.jpg,0');
    await writeFile(pairsCsv, lines.join('\n'));
  });
  after(() => rm(root, { recursive: true }));

  it('gives exactly the stable report', async () => {
    const report = await evaluatePairs({ pairsCsv, root, encoderId: 'axes', encodePicture });
    assert.deepEqual(Object.keys(report), [
      'encoder',
      'pairs',
      'fta',
      'accuracy',
      'eer',
      'tarAtFmr',
    ]);
    assert.equal(report.encoder, 'axes');
    assert.equal(report.pairs, PEOPLE + PEOPLE / 2 + 2);
    assert.equal(report.fta, 1 / (2 * PEOPLE + 2));
    assert.deepEqual(
      report.tarAtFmr.map(({ fmr, tar }) => [fmr, tar]),
      [
        [1e-2, PEOPLE / (PEOPLE + 1)],
        [1e-3, PEOPLE / (PEOPLE + 1)],
      ],
    );
    for (const point of report.tarAtFmr) {
      assert.deepEqual(Object.keys(point), ['fmr', 'threshold', 'tar', 'interval']);
      assert.ok(point.threshold > 0 && point.threshold < 1);
      assert.ok(point.interval[0] < point.tar && point.tar < point.interval[1]);
    }
    // The one lost mated comparison is the only wrong verdict.
    assert.ok(report.accuracy.mean > 0.96 && report.accuracy.mean < 1);
    assert.match(renderPairsReport(report), /axes on 47 pairs/);
  });

  it('encodes each picture once and says how far it is', async () => {
    const encodedFiles: string[] = [];
    const progress: [number, number][] = [];
    await evaluatePairs({
      pairsCsv,
      root,
      encoderId: 'axes',
      encodePicture: (file) => {
        encodedFiles.push(file);
        return encodePicture(file);
      },
      onProgress: (done, total) => progress.push([done, total]),
    });
    assert.equal(new Set(encodedFiles).size, encodedFiles.length);
    assert.deepEqual(progress.at(-1), [2 * PEOPLE + 2, 2 * PEOPLE + 2]);
  });

  it('names a missing picture before it encodes any', async () => {
    const list = join(root, 'missing.csv');
    await writeFile(list, 'left,right,mated\np0/1.jpg,p0/9.jpg,1\n');
    let encodedFiles = 0;
    await assert.rejects(
      evaluatePairs({
        pairsCsv: list,
        root,
        encoderId: 'axes',
        encodePicture: (file) => {
          encodedFiles += 1;
          return encodePicture(file);
        },
      }),
      (error: unknown) => error instanceof PorticoError && error.message.includes('p0/9.jpg'),
    );
    assert.equal(encodedFiles, 0);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    await assert.rejects(
      evaluatePairs({
        pairsCsv,
        root,
        encoderId: 'axes',
        encodePicture,
        signal: stop.signal,
        onProgress: () => stop.abort(),
      }),
      { name: 'AbortError' },
    );
  });

  it('names a list that is not there', async () => {
    await assert.rejects(
      evaluatePairs({ pairsCsv: join(root, 'no.csv'), root, encoderId: 'axes', encodePicture }),
      (error: unknown) => error instanceof PorticoError && error.message.includes('no.csv'),
    );
  });
});
