import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeGraph } from '../../../src/graph/encode-graph.ts';
import { type GraphBuilder, graphBuilder } from '../../../src/graph/graph-builder.ts';
import type { Value } from '../../../src/graph/graph-core.ts';
import { elementCount, type Shape } from '../../../src/graph/tensor.ts';

const size = (max: number) => fc.integer({ min: 1, max });

/** Builds y from x, runs it, and compares the shape that was promised with the one that came. */
async function promisesTruly(shape: Shape, build: (g: GraphBuilder, x: Value) => Value) {
  const g = graphBuilder('promise');
  const y = build(g, g.input('x', shape));
  g.output('y', y);
  const session = await InferenceSession.create(encodeGraph(g.build()), { logSeverityLevel: 3 });
  const x = new Tensor('float32', new Float32Array(elementCount(shape)).fill(0.5), [...shape]);
  const { y: result } = await session.run({ x });
  assert.deepEqual(result?.dims, y.shape);
  await session.release();
}

describe('shape rules against ONNX Runtime', () => {
  it('agree for convolutions of any stride, dilation, padding and group', async () => {
    const cases = fc.record({
      spatial: fc.tuple(fc.integer({ min: 7, max: 12 }), fc.integer({ min: 7, max: 12 })),
      kernel: fc.tuple(size(3), size(3)),
      stride: fc.tuple(size(3), size(3)),
      dilation: fc.tuple(size(2), size(2)),
      pads: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)),
      group: size(3),
      perGroup: size(2),
      filters: size(2),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ spatial, kernel, group, perGroup, filters, ...window }) => {
        await promisesTruly([2, group * perGroup, ...spatial], (g, x) => {
          const shape = [group * filters, perGroup, ...kernel];
          const weights = g.constant(shape, new Float32Array(elementCount(shape)));
          return g.conv(x, { weights, group, ...window });
        });
      }),
      { numRuns: 40 },
    );
  });

  it('agree for pooling, transposed convolution, padding, slicing and resizing', async () => {
    const cases = fc.record({
      height: fc.integer({ min: 5, max: 9 }),
      kernel: fc.integer({ min: 2, max: 3 }),
      stride: size(3),
      pad: fc.nat(1),
      start: fc.integer({ min: -9, max: 9 }),
      end: fc.integer({ min: -9, max: 9 }),
      step: fc.constantFrom(-2, -1, 1, 2, 3),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ height, kernel, stride, pad, start, end, step }) => {
        const shape = [1, 2, height, 6];
        const pads = [pad, 0, pad, 1] as const;
        await promisesTruly(shape, (g, x) => g.maxPool(x, { kernel, stride, pads }));
        await promisesTruly(shape, (g, x) => g.averagePool(x, { kernel, stride }));
        await promisesTruly(shape, (g, x) => {
          const weights = g.constant([2, 3, kernel, kernel], new Float32Array(6 * kernel ** 2));
          return g.convTranspose(x, { weights, stride });
        });
        await promisesTruly(shape, (g, x) => {
          return g.pad(x, { pads: [0, 0, pad, 2, 0, 0, 1, pad], mode: 'reflect' });
        });
        await promisesTruly(shape, (g, x) => {
          const cut = g.slice(x, { axes: [2], starts: [start], ends: [end], steps: [step] });
          return g.concat([cut, x], 2);
        });
        await promisesTruly(shape, (g, x) => g.resize(x, [1, 2, 2 * height, 3], 'nearest'));
      }),
      { numRuns: 15 },
    );
  });
});
