import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { PorticoError } from '../../../src/domain/errors.ts';
import { weightsJson } from '../../../src/evaluation/liveness-weights-file.ts';
import { padReport } from '../../../src/evaluation/pad-report.ts';
import { renderPadReport } from '../../../src/evaluation/render-pad.ts';
import { readLivenessFusion } from '../../../src/inference/liveness-fusion-file.ts';
import { SHIPPED_WEIGHTS } from '../../helpers/liveness-fusions.ts';
import { syntheticTracks } from '../../helpers/pad-tracks.ts';

const SHIPPED = readLivenessFusion(SHIPPED_WEIGHTS);
const TRACKS = syntheticTracks(2, ['print', 'tablet']);
const REPORT = padReport(TRACKS, { fusion: SHIPPED });

describe('padReport', () => {
  it('has the shape that others script against', () => {
    assert.deepEqual(Object.keys(REPORT), [
      'clips',
      'persons',
      'weights',
      'auc',
      'bpcer',
      'apcer',
      'atSeconds',
    ]);
    assert.deepEqual(Object.keys(REPORT.atSeconds), ['1', '2', '4', '10']);
    assert.deepEqual(Object.keys(REPORT.apcer).sort(), ['print', 'tablet']);
    const { rate, interval } = REPORT.apcer['print'] ?? assert.fail('no rate for print');
    assert.ok(interval[0] <= rate && rate <= interval[1]);
    assert.equal(REPORT.clips, 12);
    assert.deepEqual(JSON.parse(JSON.stringify(REPORT)), REPORT);
  });

  it('headlines the rates after ten seconds', () => {
    assert.equal(REPORT.auc, REPORT.atSeconds['10']?.auc);
    assert.deepEqual(REPORT.apcer, REPORT.atSeconds['10']?.apcer);
  });

  it('sorts every clip into let in, refused or asked', () => {
    for (const { sequential } of Object.values(REPORT.atSeconds)) {
      for (const { bonaFide, attack, undecided } of Object.values(sequential)) {
        assert.ok(Math.abs(bonaFide + attack + undecided - 1) < 1e-9);
      }
    }
  });

  it('separates what even the networks separate', () => {
    assert.ok(REPORT.auc > 0.95);
  });

  it('says which weights scored', () => {
    assert.equal(REPORT.weights, 'shipped');
  });

  it('needs both kinds of clips', () => {
    const onlyAttacks = TRACKS.filter(({ label }) => label === 'attack');
    assert.throws(
      () => padReport(onlyAttacks, { fusion: SHIPPED }),
      (fault) => fault instanceof PorticoError && fault.code === 'PORTICO_EVALUATION_DATA',
    );
  });
});

describe('renderPadReport', () => {
  it('shows every species at every moment, with intervals', () => {
    const text = renderPadReport(REPORT);
    for (const word of ['after 1 s', 'after 10 s', 'print', 'tablet', 'BPCER', 'bona-fide']) {
      assert.ok(text.includes(word), word);
    }
    assert.match(text, /\d+\.\d % \(\d+\.\d-\d+\.\d\)/);
  });
});

describe('the file of weights', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-weights-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const written = (content: string): string => {
    const path = join(folder, 'weights.json');
    writeFileSync(path, content);
    return path;
  };

  it('comes back as it was written, but for rounding', () => {
    const again = readLivenessFusion(written(weightsJson(SHIPPED)));
    assert.deepEqual(again, SHIPPED);
  });

  it('is refused when it is damaged, of another shape, or does not fit together', () => {
    const [first, ...rest] = SHIPPED.horizons;
    const faulty = [
      '{',
      JSON.stringify({ ...SHIPPED, bounds: { bonaFide: -1, attack: 1, motion: 0 } }),
      JSON.stringify({ ...SHIPPED, cues: SHIPPED.cues.slice(1) }),
      JSON.stringify({ ...SHIPPED, horizons: rest }),
      JSON.stringify({ ...SHIPPED, horizons: [{ ...first, scales: [0] }, ...rest] }),
    ];
    for (const content of faulty) {
      assert.throws(
        () => readLivenessFusion(written(content)),
        (fault) => fault instanceof PorticoError && fault.code === 'PORTICO_MODEL_CALIBRATION',
      );
    }
    assert.throws(() => readLivenessFusion(join(folder, 'none.json')), PorticoError);
  });
});
