import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { benchReport } from '../../bench/report.ts';

describe("the bench's report", () => {
  it('shows what was survived and what was not', () => {
    const report = benchReport({
      accelerator: 'tcg',
      wallMinutes: 41.4,
      installed: {
        ...{ kernel: '6.1', systemd: '252', release: '1-ab', installS: 99, bootS: 21 },
        exposure: [{ unit: 'portico.service', level: 2.3, verdict: 'OK' }],
      },
      results: [
        {
          name: 'killed',
          fault: 'kill -9',
          outcome: { safeAfterS: 0.04, noticedAfterS: 0.5, restoredAfterS: 9.96, did: 'restarted' },
        },
        { name: 'cut', fault: 'no power', failure: 'the door | opened\nat once' },
      ],
    });
    assert.match(report, /^1 of 2 drills passed\./);
    assert.match(report, /\| killed \| kill -9 \| restarted \| 0\.0 \| 0\.5 \| 10\.0 \|/);
    assert.match(report, /\| cut \| no power \| \*\*failed\*\*: the door \/ opened \| \| \| \|/);
    assert.match(report, /\| portico\.service \| 2\.3 OK \|/);
  });
});
