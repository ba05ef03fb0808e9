import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type PaintCheckpoint,
  type PaintOptions,
  paint,
  type RunnableGraph,
} from '../../../src/art/paint.ts';
import { PAINT_DEFAULTS, type PaintRequest } from '../../../src/art/paint-request.ts';
import { OUTPUTS, PIXELS } from '../../../src/art/painting-graph.ts';
import type { Picture } from '../../../src/art/picture.ts';
import type { Graph } from '../../../src/graph/graph.ts';
import { graphBuilder } from '../../../src/graph/graph-builder.ts';

/** Of the shape that painters want: one layer serves as content and style. */
function backbone(): Graph {
  const g = graphBuilder('backbone');
  const x = g.input('input', [1, 3, 8, 8]);
  const weights = g.constant([2, 3, 1, 1], new Float32Array(6).fill(0.5));
  g.output('layer', g.relu(g.conv(x, { weights })));
  return g.build();
}

/** An engine whose every picture has one lowest cost: all pixels at `goal`. */
class BowlEngine {
  opened = 0;
  closed = 0;
  runs = 0;
  readonly #goal: number;

  constructor(goal = 0.75) {
    this.#goal = goal;
  }

  open = async (_graph: Graph): Promise<RunnableGraph> => {
    this.opened += 1;
    return {
      run: async (feeds) => {
        this.runs += 1;
        const pixels = feeds[PIXELS] ?? new Float32Array();
        let cost = 0;
        const gradient = pixels.map((value) => {
          cost += (value - this.#goal) ** 2;
          return 2 * (value - this.#goal);
        });
        const results: [string, Float32Array][] = [
          [OUTPUTS.cost, Float32Array.of(cost)],
          [OUTPUTS.gradient, gradient],
        ];
        return new Map(results);
      },
      close: async () => {
        this.closed += 1;
      },
    };
  };
}

const grey = (widthPx: number, heightPx: number, value: number): Picture => ({
  widthPx,
  heightPx,
  planes: new Float32Array(3 * widthPx * heightPx).fill(value),
});

const request = (changes: Partial<PaintRequest['settings']> = {}): PaintRequest => ({
  content: grey(16, 12, 0.25),
  styles: [{ picture: grey(8, 8, 0.5), share: 1 }],
  settings: {
    ...PAINT_DEFAULTS,
    layers: { content: 'layer', style: { layer: 1 } },
    levels: [
      { longSidePx: 8, steps: 10 },
      { longSidePx: 16, steps: 10 },
    ],
    borderPx: 2,
    ...changes,
  },
});

const options = (engine: BowlEngine, more: Partial<PaintOptions> = {}): PaintOptions => ({
  backbone: backbone(),
  open: engine.open,
  ...more,
});

const mean = ({ planes }: Picture): number =>
  planes.reduce((sum, value) => sum + value, 0) / planes.length;

describe('paint', () => {
  it('descends at every size and cuts the border off again', async () => {
    const engine = new BowlEngine();
    const { outcome, picture, curve } = await paint(request(), options(engine));
    assert.equal(outcome, 'finished');
    assert.deepEqual([picture.widthPx, picture.heightPx], [16, 12]);
    assert.ok(Math.abs(mean(picture) - 0.75) < 1e-3);
    assert.equal(curve.length, 20);
    assert.ok((curve[9]?.cost ?? 1) < (curve[0]?.cost ?? 0) / 100);
    assert.equal(engine.closed, engine.opened, 'every graph that was opened is closed');
  });

  it('descends with Adam too', async () => {
    const settings = { optimiser: 'adam' as const, levels: [{ longSidePx: 16, steps: 60 }] };
    const { picture } = await paint(request(settings), options(new BowlEngine()));
    assert.ok(Math.abs(mean(picture) - 0.75) < 0.05);
  });

  it('starts from the content, from the style, or from seeded noise', async () => {
    const first = async (start: 'content' | 'style' | 'noise', seed = 1) => {
      const settings = { start, seed, levels: [{ longSidePx: 16, steps: 1 }] };
      return (await paint(request(settings), options(new BowlEngine()))).picture;
    };
    assert.ok(Math.abs(mean(await first('content')) - 0.25) < 1e-6);
    assert.ok(Math.abs(mean(await first('style')) - 0.5) < 1e-6);
    assert.deepEqual(await first('noise', 7), await first('noise', 7));
    assert.notDeepEqual(await first('noise', 7), await first('noise', 8));
  });

  it('leaves alone what the mask leaves out', async () => {
    const mask = Float32Array.from({ length: 16 * 12 }, (_, index) => (index % 16 < 8 ? 0 : 1));
    const { picture } = await paint({ ...request(), mask }, options(new BowlEngine()));
    assert.ok(Math.abs((picture.planes[0] ?? 0) - 0.25) < 1e-6);
    assert.ok(Math.abs((picture.planes[15] ?? 0) - 0.75) < 1e-2);
  });

  it('keeps the best so far when it is told to stop', async () => {
    const [engine, stop] = [new BowlEngine(), new AbortController()];
    const onStep = ({ step }: { step: number }) => {
      if (step === 4) stop.abort();
    };
    const kept: number[] = [];
    const onCheckpoint = async ({ step }: PaintCheckpoint) => void kept.push(step);
    const { outcome, picture, curve } = await paint(
      request(),
      options(engine, { signal: stop.signal, onStep, onCheckpoint }),
    );
    assert.equal(outcome, 'stopped');
    assert.deepEqual(kept, [5], 'what was done is kept for another day');
    assert.equal(curve.length, 5);
    assert.ok(mean(picture) > 0.3, 'five steps are better than none');
    assert.equal(engine.closed, engine.opened);
  });

  it('goes on from a checkpoint where it had stopped', async () => {
    const checkpoints: PaintCheckpoint[] = [];
    const onCheckpoint = async (checkpoint: PaintCheckpoint) => {
      checkpoints.push({ ...checkpoint, curve: [...checkpoint.curve] });
    };
    const whole = new BowlEngine();
    await paint(request(), options(whole, { onCheckpoint, checkpointEverySteps: 4 }));
    const resumeFrom = checkpoints.find(({ level, step }) => level === 1 && step === 8);
    assert.ok(resumeFrom !== undefined);
    const engine = new BowlEngine();
    const { curve, picture } = await paint(request(), options(engine, { resumeFrom }));
    assert.deepEqual([curve.length, curve.at(-1)?.step, curve.at(-1)?.level], [20, 9, 1]);
    // Content, style, and the two steps that were left.
    assert.equal(engine.runs, 4);
    assert.ok(Math.abs(mean(picture) - 0.75) < 0.01);
  });

  it('keeps the content colours when only brightness may change', async () => {
    const content = grey(16, 12, 0.25);
    content.planes.fill(0.6, 0, 16 * 12);
    const { picture } = await paint(
      { ...request({ keepColours: true }), content },
      options(new BowlEngine(0.5)),
    );
    const [red = 0, green = 0, blue = 0] = [0, 1, 2].map((at) => picture.planes[at * 16 * 12]);
    assert.ok(Math.abs(red - green - 0.35) < 1e-3 && Math.abs(green - blue) < 1e-3);
  });

  it('closes what it opened when the engine fails', async () => {
    const engine = new BowlEngine();
    const failing = async (graph: Graph): Promise<RunnableGraph> => {
      const ready = await engine.open(graph);
      const run = async () => Promise.reject(new Error('out of memory'));
      return engine.opened > 2 ? { ...ready, run } : ready;
    };
    await assert.rejects(paint(request(), { ...options(engine), open: failing }), /out of memory/);
    assert.equal(engine.closed, engine.opened);
  });
});
