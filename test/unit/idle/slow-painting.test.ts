import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BACKBONE_LAYERS, OUTPUTS, PIXELS } from '../../../src/art/painting-graph.ts';
import type { Graph } from '../../../src/graph/graph.ts';
import { graphBuilder } from '../../../src/graph/graph-builder.ts';
import { type Breath, paintSlowly } from '../../../src/idle/studio/slow-painting.ts';
import type { RgbImage } from '../../../src/numeric/sample-image.ts';

const PLAN = { coarsePx: 32, coarseSteps: 6, fineSteps: 4 };

/** With the layers that painters ask for. */
function backbone(): Graph {
  const g = graphBuilder('backbone');
  const x = g.input('input', [1, 3, 8, 8]);
  const layers = [BACKBONE_LAYERS.content, ...Object.keys(BACKBONE_LAYERS.style)];
  for (const layer of new Set(layers)) g.output(layer, g.relu(x));
  return g.build();
}

const grey = (value: number): RgbImage => ({
  rgb: new Uint8Array(64 * 48 * 3).fill(value),
  widthPx: 64,
  heightPx: 48,
});

/** Paints with an engine that takes `runMs` for a run at the coarse size, and likes white. */
async function paintWith(runMs: number, onBreath: (breath: Breath) => void = () => undefined) {
  let nowMs = 0;
  let mayRun = false;
  let runs = 0;
  const picture = await paintSlowly(
    { content: grey(60), style: grey(200), longSidePx: 64, longestRunMs: 100 },
    {
      backbone: backbone(),
      plan: PLAN,
      now: () => nowMs,
      open: () =>
        Promise.resolve({
          run: (feeds) => {
            assert.ok(mayRun, 'a run began without permission');
            mayRun = false;
            nowMs += runMs;
            runs += 1;
            const pixels = feeds[PIXELS]!;
            const cost = pixels.reduce((sum, value) => sum + (1 - value) ** 2, 0);
            return Promise.resolve(
              new Map([
                [OUTPUTS.cost, Float32Array.of(cost)],
                [OUTPUTS.gradient, pixels.map((value) => 2 * (value - 1))],
              ]),
            );
          },
          close: () => Promise.resolve(),
        }),
      breathe: (breath) => {
        onBreath(breath);
        mayRun = true;
        return Promise.resolve();
      },
    },
  );
  return { picture, runs };
}

describe('slow painting', () => {
  it('asks before every single run, the looks at content and style included', async () => {
    const { picture, runs } = await paintWith(1);
    assert.equal(runs, PLAN.coarseSteps + PLAN.fineSteps + 4);
    assert.equal(picture.widthPx, 64);
    assert.ok(picture.planes[0]! > 0.9);
  });

  it('shows more and more of it', async () => {
    const shares: number[] = [];
    const seen: number[] = [];
    await paintWith(1, ({ share, picture }) => {
      shares.push(share);
      if (picture !== undefined) seen.push(picture().planes[0]!);
    });
    assert.deepEqual(
      shares,
      shares.toSorted((a, b) => a - b),
    );
    assert.equal(shares[0], 0);
    assert.ok(seen.length > 8 && seen.at(-1)! > seen[0]!);
  });

  it('stays as small as runs must be short', async () => {
    // Four times the pixels, four times the time: only half the side more is allowed.
    const { picture } = await paintWith(50);
    assert.equal(picture.widthPx, 32);
    const { picture: larger } = await paintWith(40);
    assert.equal(larger.widthPx, 48);
  });
});
