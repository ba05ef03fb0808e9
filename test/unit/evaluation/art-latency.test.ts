import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { artLatencyReport, renderArtLatency } from '../../../src/evaluation/art-latency.ts';

const upTo = (count: number, step = 1): readonly number[] =>
  Array.from({ length: count }, (_, index) => (count - index) * step);
const SAMPLES = {
  off: { decisionMs: upTo(100), visionMs: [20], stopMs: [] },
  fast: { decisionMs: upTo(100, 1.1), visionMs: [21], stopMs: [3, 1, 2] },
  slow: { decisionMs: upTo(100, 0.9), visionMs: [22], stopMs: [9] },
};

describe('report of the door’s time beside the art', () => {
  it('compares the 95th percentiles with the time without art', () => {
    const { off, fast, slow } = artLatencyReport(SAMPLES);
    assert.deepEqual(off.decisionMs, { count: 100, p50: 50, p95: 95, p99: 99 });
    assert.deepEqual([off.ratio, fast.ratio, slow.ratio], [1, 1.1, 0.9]);
  });

  it('says how soon nothing was painted any more, where anything was', () => {
    const { off, fast } = artLatencyReport(SAMPLES);
    assert.equal(off.stopMs, undefined);
    assert.deepEqual(fast.stopMs, { count: 3, p50: 2, p95: 3, p99: 3 });
  });

  it('is a table with one row a mode', () => {
    const text = renderArtLatency(artLatencyReport(SAMPLES));
    assert.match(text, /off .* 1\.00 .* -\s+-\s+-/);
    assert.match(text, /fast .* 1\.10 /);
    assert.match(text, /100 visits each/);
  });
});
