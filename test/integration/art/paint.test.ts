import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { paint } from '../../../src/art/paint.ts';
import { PAINT_DEFAULTS, type PaintRequest } from '../../../src/art/paint-request.ts';
import type { Picture } from '../../../src/art/picture.ts';
import { smoothStem } from '../../../src/art/smooth-stem.ts';
import type { Graph } from '../../../src/graph/graph.ts';
import { type GraphBuilder, graphBuilder } from '../../../src/graph/graph-builder.ts';
import type { Value } from '../../../src/graph/graph-core.ts';
import { loadEngine } from '../../../src/inference/engine.ts';
import { GraphSession } from '../../../src/inference/graph-session.ts';
import { seededRandom } from '../../../src/numeric/random.ts';

const random = seededRandom(5);
const engine = loadEngine();

function convolved(g: GraphBuilder, x: Value, filters: number, stride: 1 | 2): Value {
  const channels = x.shape[1] ?? 1;
  const spread = Math.sqrt(6 / (9 * channels));
  const kernel = Float32Array.from(
    { length: filters * channels * 9 },
    () => (2 * random() - 1) * spread,
  );
  const weights = g.constant([filters, channels, 3, 3], kernel);
  return g.relu(g.conv(x, { weights, stride, pads: [1, 1, 1, 1] }));
}

/** A small net with random kernels: enough to tell stripes from none. */
function backbone(): Graph {
  const g = graphBuilder('small');
  const early = convolved(g, g.input('input', [1, 3, 32, 32]), 8, 2);
  g.output('early', early);
  g.output('late', convolved(g, g.maxPool(early, { kernel: 2, stride: 2 }), 12, 1));
  return g.build();
}

const made = (
  widthPx: number,
  heightPx: number,
  value: (x: number, y: number) => number,
): Picture => ({
  widthPx,
  heightPx,
  planes: Float32Array.from({ length: 3 * widthPx * heightPx }, (_, index) =>
    value(index % widthPx, Math.floor(index / widthPx) % heightPx),
  ),
});

const request = (optimiser: 'l-bfgs' | 'adam'): PaintRequest => ({
  content: made(40, 32, (x, y) => (Math.hypot(x - 20, y - 16) < 9 ? 0.8 : 0.3)),
  styles: [{ picture: made(32, 32, (x) => (x % 4 < 2 ? 0.9 : 0.1)), share: 1 }],
  settings: {
    ...PAINT_DEFAULTS,
    layers: { content: 'late', style: { early: 1, late: 1 } },
    weights: { content: 0.2, style: 10, totalVariation: 0 },
    levels: [
      { longSidePx: 24, steps: 15 },
      { longSidePx: 40, steps: 15 },
    ],
    borderPx: 4,
    optimiser,
  },
});

describe('painting on ONNX Runtime', () => {
  for (const optimiser of ['l-bfgs', 'adam'] as const) {
    it(`brings the cost down with ${optimiser}, the same way every time`, async () => {
      const options = {
        backbone: smoothStem(backbone()),
        open: (graph: Graph) => GraphSession.open(engine, graph, { threads: 1 }),
      };
      const { curve, picture } = await paint(request(optimiser), options);
      const at = (level: number) => curve.filter((step) => step.level === level);
      const [first, last] = [at(0)[0], at(0).at(-1)];
      assert.ok((last?.cost ?? 1) < (first?.cost ?? 0) / 2, `${first?.cost} to ${last?.cost}`);
      assert.ok((at(1).at(-1)?.cost ?? 1) < (at(1)[0]?.cost ?? 0));
      assert.ok(picture.planes.every((value) => value >= 0 && value <= 1));
      const again = await paint(request(optimiser), options);
      assert.deepEqual(again.curve, curve);
    });
  }
});
