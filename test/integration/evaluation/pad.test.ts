import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type PadReport, padReport } from '../../../src/evaluation/pad-report.ts';
import { padSamples } from '../../../src/evaluation/pad-samples.ts';
import { type PadTrack, readPadTracks } from '../../../src/evaluation/pad-tracks.ts';
import { readLivenessFusion } from '../../../src/inference/liveness-fusion-file.ts';
import { TrackLiveness } from '../../../src/liveness/track-liveness.ts';
import { SHIPPED_WEIGHTS } from '../../helpers/liveness-fusions.ts';

const SHARED =
  process.env['PORTICO_SHARED'] ?? fileURLToPath(new URL('../../../../../shared', import.meta.url));
const FILE = join(SHARED, 'pad/tracks.jsonl.gz');
const skip = existsSync(FILE) ? false : `needs ../shared/pad/tracks.jsonl.gz beside the checkout`;
const FUSION = readLivenessFusion(SHIPPED_WEIGHTS);

const worst = ({ apcer }: Pick<PadReport, 'apcer'>): number =>
  Math.max(...Object.values(apcer).map(({ rate }) => rate));

/** The first decision of the stage itself, frame by frame, within ten seconds. */
function firstDecision(track: PadTrack): string {
  const liveness = new TrackLiveness(FUSION);
  for (const sample of padSamples(track)) {
    if (sample.capturedAtMs > 10_050) break;
    const { outcome } = liveness.observe(sample);
    if (outcome !== 'undecided') return outcome;
  }
  return 'undecided';
}

describe('the liveness fusion on 360 real clips, people left out', { skip }, () => {
  it('keeps what it promises: rates, intervals and the sequential test', async () => {
    const tracks = await readPadTracks(FILE);
    const report = padReport(tracks, { fusion: FUSION, crossValidate: true });
    assert.equal(report.clips, 360);
    assert.equal(report.weights, 'left-out');
    assert.ok(report.auc >= 0.975, `AUC ${report.auc}`);
    assert.ok(worst(report) <= 0.1, `worst species ${worst(report)} after 10 s`);
    for (const [seconds, { bpcer, sequential }] of Object.entries(report.atSeconds)) {
      assert.ok(bpcer.rate <= 0.05);
      for (const [kind, shares] of Object.entries(sequential)) {
        if (kind === 'bona-fide') assert.ok(shares.attack <= 0.02, `${seconds} s`);
        else assert.ok(shares.bonaFide <= 0.05, `${kind} after ${seconds} s`);
      }
    }
    assert.ok((report.atSeconds['4']?.sequential['bona-fide']?.bonaFide ?? 0) >= 0.7);
  });

  it('decides frame by frame as the evaluation does, and breaks no bona fide track', async () => {
    const tracks = await readPadTracks(FILE);
    const { sequential } = padReport(tracks, { fusion: FUSION }).atSeconds['10'] ?? assert.fail();
    const bonaFide = tracks.filter(({ label }) => label === 'bona-fide');
    const outcomes = bonaFide.map(firstDecision);
    const share = outcomes.filter((outcome) => outcome === 'bona-fide').length / outcomes.length;
    assert.ok(Math.abs(share - (sequential['bona-fide']?.bonaFide ?? Number.NaN)) < 1e-9);
    const letIn = tracks.filter(
      (track) => track.label === 'attack' && firstDecision(track) === 'bona-fide',
    );
    assert.ok(letIn.length <= 5, letIn.map(({ clip, species }) => `${clip} ${species}`).join(', '));
  });
});
