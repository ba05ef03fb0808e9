import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BenchRun, benchReport, renderBench } from '../../../src/evaluation/bench-report.ts';
import { BenchSamples } from '../../../src/evaluation/bench-samples.ts';
import { lineSlope } from '../../../src/evaluation/line-slope.ts';

/** A hundred frames: detection takes 1 to 100 ms, the encoder runs in every second one for 10 ms. */
function aRun(): BenchRun {
  const samples = new BenchSamples(100);
  for (let ms = 1; ms <= 100; ms += 1) {
    const isEncoded = ms % 2 === 0;
    const models = ms + (isEncoded ? 10 : 0);
    samples.add({ detect: ms, ...(isEncoded ? { embed: 10 } : {}), total: models + 5, models });
  }
  return {
    provider: 'cpu',
    ladder: [
      { modelId: 'old', provider: 'cuda', outcome: 'unavailable', detail: '' },
      {
        ...{ modelId: 'net', provider: 'cpu', outcome: 'in-use', detail: '' },
        threads: { threads: 2, because: 'configured' },
      },
    ],
    samples,
    elapsedMs: 10_000,
    eventLoopDelayP99Ms: 1.5,
    memory: Array.from({ length: 10 }, (_, index) => ({
      frame: index * 10,
      // Grows while it settles, then by 3 bytes a frame.
      bytes: index < 5 ? index * 1_000_000 : 5_000_000 + index * 30,
    })),
    startUp: { readyMs: 900, firstDecisionMs: 1_200 },
  };
}

describe('bench report', () => {
  it('has the stable shape', () => {
    const report = benchReport(aRun());
    assert.deepEqual(Object.keys(report), [
      'provider',
      'threads',
      'frames',
      'stages',
      'modelSumMs',
      'pipelineMs',
      'overheadRatio',
      'framesPerSecond',
      'eventLoopDelayMs',
      'rssSlopeBytesPerFrame',
      'startUp',
    ]);
    assert.deepEqual(Object.keys(report.stages), ['detect', 'embed', 'total']);
  });

  it('says with how many threads each network ran', () => {
    const run = aRun();
    const report = benchReport(run);
    assert.deepEqual(report.threads, { net: { threads: 2, because: 'configured' } });
    assert.match(renderBench(report, run.samples), /threads of net: 2, configured/);
  });

  it('states what liveness adds at a camera’s rate, where it ran', () => {
    const samples = new BenchSamples(100);
    // 0.5 ms in every frame, and 10 ms more in every tenth: at 60 frames a second a camera of 15 would
    // bear four times as much of those on each frame.
    for (let frame = 0; frame < 100; frame += 1) {
      const liveness = frame % 10 === 0 ? 10.5 : 0.5;
      samples.add({ detect: 10, liveness, total: 10 + liveness, models: 10 });
    }
    const report = benchReport({ ...aRun(), samples, elapsedMs: 100_000 / 60 });
    assert.equal(report.livenessRatio, 0.45);
    assert.match(renderBench(report, samples), /liveness adds 45\.0 %/);
  });

  it('takes quantiles by nearest rank over the frames in which a stage ran', () => {
    const { stages } = benchReport(aRun());
    assert.deepEqual(stages['detect'], { p50Ms: 50, p95Ms: 95, p99Ms: 99 });
    assert.deepEqual(stages['embed'], { p50Ms: 10, p95Ms: 10, p99Ms: 10 });
  });

  it('compares the mean way of a frame with the mean of its bare model runs', () => {
    const { modelSumMs, pipelineMs, overheadRatio, framesPerSecond } = benchReport(aRun());
    assert.equal(modelSumMs, 55.5);
    assert.equal(pipelineMs, 60.5);
    assert.equal(overheadRatio, 1.09);
    assert.equal(framesPerSecond, 10);
  });

  it('reads the growth of memory from the second half alone', () => {
    assert.equal(benchReport(aRun()).rssSlopeBytesPerFrame, 3);
  });

  it('shows people each stage with its share, and the goal', () => {
    const run = aRun();
    const text = renderBench(benchReport(run), run.samples);
    assert.match(text, /detect +50\.00 +95\.00 +99\.00 +83 %/);
    assert.match(text, /= 1\.090 \(goal: at most 1\.15\)/);
    assert.match(text, /ready after 900 ms, first decision after 1200 ms/);
  });
});

describe('bench samples', () => {
  it('keeps the fixed number and no more', () => {
    const samples = new BenchSamples(2);
    for (let ms = 1; ms <= 3; ms += 1) samples.add({ total: ms });
    assert.equal(samples.count, 2);
    assert.deepEqual([...samples.sorted('total')], [1, 2]);
    assert.deepEqual([...samples.sorted('mesh')], []);
    assert.ok(Number.isNaN(new BenchSamples(2).meanMs('total')));
  });
});

describe('line slope', () => {
  it('is that of the least-squares line', () => {
    assert.equal(
      lineSlope([
        [0, 1],
        [1, 3],
        [2, 5],
      ]),
      2,
    );
    // By hand: means (1, 2); covariance (-1)(-1) + 0 + 0 = 1; variance 2.
    assert.equal(
      lineSlope([
        [0, 1],
        [1, 3],
        [2, 2],
      ]),
      0.5,
    );
  });

  it('is 0 where there is no line', () => {
    assert.equal(lineSlope([]), 0);
    assert.equal(
      lineSlope([
        [5, 1],
        [5, 9],
      ]),
      0,
    );
  });
});
