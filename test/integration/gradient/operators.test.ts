import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { checkGradient, type RunGraph } from '../../../src/gradient/check/check-gradient.ts';
import { Draw } from '../../../src/gradient/check/draw.ts';
import { GRADIENT_CASES } from '../../../src/gradient/check/gradient-cases.ts';
import { gradientCheckReport } from '../../../src/gradient/check/gradient-check-report.ts';
import { loadEngine } from '../../../src/inference/engine.ts';
import { GraphSession } from '../../../src/inference/graph-session.ts';
import { seededRandom } from '../../../src/numeric/random.ts';

/**
 * Largest relative error that is allowed, of float32 against float64 central differences. Seen:
 * 2e-6; a wrong derivative is off by 1e-2 and more.
 */
const TOLERANCE = 5e-5;
const engine = loadEngine();

const run: RunGraph = async (graph, feeds) => {
  const session = await GraphSession.open(engine, graph, { threads: 1 });
  try {
    return await session.run(feeds);
  } finally {
    await session.close();
  }
};

describe('derivatives against central differences', () => {
  it('are right for every operator, in any shape and with any attributes', async () => {
    const cases = fc.record({
      operator: fc.constantFrom(...Object.keys(GRADIENT_CASES)),
      seed: fc.nat(1e6),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ operator, seed }) => {
        const draw = new Draw(seededRandom(seed));
        const made = GRADIENT_CASES[operator]?.(draw) ?? assert.fail(operator);
        const { forward, backward } = await checkGradient(made, draw, run);
        assert.ok(forward < TOLERANCE, `forward differs by ${forward}`);
        assert.ok(backward < TOLERANCE, `the derivative differs by ${backward}`);
      }),
      { numRuns: 150 },
    );
  });

  it('are reported operator by operator', async () => {
    const reports = await gradientCheckReport(run, { casesPerOperator: 2 });
    assert.deepEqual(
      reports.map(({ operator }) => operator),
      Object.keys(GRADIENT_CASES),
    );
    for (const { operator, forwardError, backwardError } of reports) {
      assert.ok(forwardError < TOLERANCE, `${operator}: ${forwardError}`);
      assert.ok(backwardError < TOLERANCE, `${operator}: ${backwardError}`);
    }
  });

  it('notices an engine that is wrong', async () => {
    const wrong: RunGraph = async (graph, feeds) => {
      const results = new Map(await run(graph, feeds));
      for (const [name, values] of results)
        results.set(
          name,
          values.map((value) => value * 1.01),
        );
      return results;
    };
    const [report] = await gradientCheckReport(wrong, { operators: ['Tanh'], casesPerOperator: 1 });
    assert.ok((report?.backwardError ?? 0) > 5e-3);
  });
});
