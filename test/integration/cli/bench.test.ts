import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { BenchReport } from '../../../src/evaluation/bench-report.ts';
import { CliHome } from './portico-cli.ts';

describe('portico bench', () => {
  const home = new CliHome();

  it('measures every stage on real models and says so in its stable JSON', async () => {
    const { code, out, err } = await home.run('bench', '--frames', '60', '--json');
    assert.equal(code, 0, err);
    const report = JSON.parse(out) as BenchReport;
    for (const stage of ['letterbox', 'detect', 'mesh', 'quality', 'align', 'embed', 'total']) {
      const quantiles = report.stages[stage];
      assert.ok(quantiles !== undefined, `${stage} ran: there is a face in every frame`);
      assert.ok(quantiles.p50Ms > 0 && quantiles.p50Ms <= quantiles.p95Ms);
      assert.ok(quantiles.p95Ms <= quantiles.p99Ms);
    }
    assert.equal(report.provider, 'cpu');
    assert.equal(report.frames, 60);
    for (const id of ['blazeface-back', 'facemesh', 'mobilefacenet-512']) {
      assert.ok((report.threads[id]?.threads ?? 0) >= 1, `${id} runs with some number of threads`);
    }
    assert.ok(report.modelSumMs > 0 && report.pipelineMs > report.modelSumMs);
    assert.ok(report.overheadRatio > 1 && report.overheadRatio < 2);
    assert.ok(report.framesPerSecond > 1);
    assert.ok(report.eventLoopDelayMs.p99 >= 0);
    assert.ok(Number.isInteger(report.rssSlopeBytesPerFrame));
    assert.ok(report.startUp.firstDecisionMs >= report.startUp.readyMs / 2);
    assert.deepEqual(readdirSync(home.folder), [], 'it leaves nothing behind');
  });

  it('refuses a number of frames that says nothing', async () => {
    assert.equal((await home.run('bench', '--frames', '3')).code, 2);
  });

  it('ends on Ctrl-C, early or late, without a result', { timeout: 60_000 }, async () => {
    for (const delayMs of [700, 4_000]) {
      const bench = home.start('bench', '--frames', '1000000', '--json');
      setTimeout(() => bench.kill('SIGINT'), delayMs);
      const { code, signal, out } = await bench.ended;
      // Before the command has begun, the signal itself ends it.
      assert.ok(code === 130 || signal === 'SIGINT', `exit ${code}`);
      assert.equal(out, '');
    }
  });
});
