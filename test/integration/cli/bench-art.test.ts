import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ART_MODES, type ArtLatencyReport } from '../../../src/evaluation/art-latency.ts';
import { CliHome } from './portico-cli.ts';

describe('portico bench art', () => {
  it('lets a visitor in beside no painter, the fast one and the slow one', async () => {
    const home = new CliHome();
    // Beside other tests a painter of the lowest priority would get no turn.
    home.configure({ art: { niceness: 0, longSidePx: 128 } });
    const { code, out, err } = await home.run('bench', 'art', '--visits', '1', '--json');
    assert.equal(code, 0, err);
    const report = JSON.parse(out) as ArtLatencyReport;
    for (const mode of ART_MODES) {
      assert.equal(report[mode].decisionMs.count, 1, mode);
      assert.ok(report[mode].decisionMs.p50 > 0 && report[mode].visionMs.p50 > 0);
    }
    assert.equal(report.off.stopMs, undefined);
    assert.equal(report.fast.stopMs?.count, 1, 'it painted, and stopped for the visitor');
    assert.equal(report.slow.stopMs?.count, 1);
    assert.deepEqual(
      readdirSync(home.folder, { recursive: true }).sort(),
      ['portico', 'portico/portico.json'],
      'it leaves nothing behind',
    );
  });
});
