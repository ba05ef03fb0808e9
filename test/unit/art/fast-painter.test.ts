import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FastPainter } from '../../../src/art/fast-painter.ts';
import type { RunnableGraph } from '../../../src/art/paint.ts';
import {
  initialParameters,
  type PainterDesign,
  parameterCount,
} from '../../../src/art/painter-design.ts';
import { PAINTER_PORTS, type PainterModel } from '../../../src/art/painter-model.ts';
import type { Graph } from '../../../src/graph/graph.ts';

const design: PainterDesign = { channels: [2, 3, 4], blocks: 1, styles: 2 };
const model: PainterModel = {
  design,
  styles: ['first', 'second'].map((name) => ({ name, title: name, origin: 'a test' })),
  parameters: initialParameters(design, 1),
};

/** An engine that gives back the picture it is given, and remembers the weights. */
class Mirror {
  readonly sizes: string[] = [];
  weights: readonly number[] = [];
  closed = 0;

  open = async ({ inputs }: Graph): Promise<RunnableGraph> => {
    this.sizes.push(inputs[0]?.shape.join('x') ?? '');
    return {
      run: async (feeds) => {
        this.weights = [...(feeds[PAINTER_PORTS.styleWeights] ?? [])];
        return new Map([
          [PAINTER_PORTS.painted, feeds[PAINTER_PORTS.pixels] ?? new Float32Array()],
        ]);
      },
      close: async () => {
        this.closed += 1;
      },
    };
  };
}

const picture = (widthPx: number, heightPx: number) =>
  Uint8Array.from({ length: 3 * widthPx * heightPx }, (_, index) => (index * 37) % 256);

describe('FastPainter', () => {
  it('hands pictures of any size to the net and gives back their own', async () => {
    const mirror = new Mirror();
    const size = { widthPx: 18, heightPx: 17 };
    const painter = await FastPainter.open(model, { open: mirror.open, size });
    const rgb = picture(18, 17);
    assert.deepEqual(await painter.paint(rgb, 18, 17, Float32Array.of(1, 0)), rgb);
    assert.deepEqual(mirror.sizes, ['1x3x20x20']);
  });

  it('stands ready for one size at a time', async () => {
    const mirror = new Mirror();
    const size = { widthPx: 16, heightPx: 16 };
    const painter = await FastPainter.open(model, { open: mirror.open, size });
    await painter.paint(picture(16, 16), 16, 16, Float32Array.of(1, 0));
    await painter.paint(picture(32, 16), 32, 16, Float32Array.of(1, 0));
    assert.deepEqual(mirror.sizes, ['1x3x16x16', '1x3x16x32']);
    assert.equal(mirror.closed, 1);
    await painter.close();
    assert.equal(mirror.closed, 2);
  });

  it('keeps no picture: the next one has the same buffer', async () => {
    const mirror = new Mirror();
    const size = { widthPx: 16, heightPx: 16 };
    const painter = await FastPainter.open(model, { open: mirror.open, size });
    const first = await painter.paint(picture(16, 16), 16, 16, Float32Array.of(1, 0));
    const second = await painter.paint(new Uint8Array(768), 16, 16, Float32Array.of(1, 0));
    assert.equal(first, second);
    assert.ok(second.every((value) => value === 0));
  });

  it('shares the style out by weights', async () => {
    const mirror = new Mirror();
    const size = { widthPx: 16, heightPx: 16 };
    const painter = await FastPainter.open(model, { open: mirror.open, size });
    await painter.paint(picture(16, 16), 16, 16, Float32Array.of(1, 3));
    assert.deepEqual(mirror.weights, [0.25, 0.75]);
  });

  it('refuses buffers and weights that do not fit', async () => {
    const mirror = new Mirror();
    const size = { widthPx: 16, heightPx: 16 };
    const painter = await FastPainter.open(model, { open: mirror.open, size });
    const refused = { code: 'PORTICO_NUMERIC_SHAPE' };
    await assert.rejects(painter.paint(picture(16, 15), 16, 16, Float32Array.of(1, 0)), refused);
    for (const weights of [[1], [0, 0], [2, -1], [Number.NaN, 1]]) {
      await assert.rejects(
        painter.paint(picture(16, 16), 16, 16, Float32Array.from(weights)),
        refused,
      );
    }
  });
});

describe('the design of the shipped painter', () => {
  it('has fewer than half a million parameters, most of them shared by all styles', () => {
    const of = (styles: number) => parameterCount({ channels: [16, 32, 48], blocks: 5, styles });
    assert.ok(of(5) < 500_000);
    assert.equal(of(2) - of(1), 2 * (16 + 32 + 48 + 10 * 48 + 32 + 16));
  });
});
