import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { receptiveField } from '../../../../src/art/units/receptive-field.ts';
import { type GraphBuilder, graphBuilder } from '../../../../src/graph/graph-builder.ts';
import type { Value } from '../../../../src/graph/graph-core.ts';

const SIZE = 32;

function fieldOf(layers: (g: GraphBuilder, x: Value) => Value) {
  const g = graphBuilder('net');
  const x = g.input('pixels', [1, 1, SIZE, SIZE]);
  return receptiveField(g.steps(), 'pixels', layers(g, x).name);
}

const conv = (
  g: GraphBuilder,
  x: Value,
  [high, wide]: readonly [number, number],
  options: Partial<Parameters<GraphBuilder['conv']>[1]> = {},
): Value =>
  g.conv(x, {
    weights: g.constant([1, 1, high, wide], new Float32Array(high * wide).fill(1)),
    ...options,
  });

describe('receptive field', () => {
  it('of the picture itself is one pixel', () => {
    const pixel = { jump: 1, first: 0, last: 0 };
    assert.deepEqual(
      fieldOf((g, x) => g.relu(x)),
      { down: pixel, across: pixel },
    );
  });

  it('of a padded convolution reaches to both sides', () => {
    const field = fieldOf((g, x) => conv(g, x, [3, 5], { pads: [1, 2, 1, 2] }));
    assert.deepEqual(field, {
      down: { jump: 1, first: -1, last: 1 },
      across: { jump: 1, first: -2, last: 2 },
    });
  });

  it('grows with strides and dilations, as worked out by hand', () => {
    // 3 at stride 2: jump 2, 0..2. Then 3 dilated by 2 (reach 4), padded by 1: -1 * 2 .. 2 + (4 - 1) * 2.
    const { down } = fieldOf((g, x) => {
      const halved = conv(g, x, [3, 3], { stride: 2 });
      return conv(g, halved, [3, 3], { dilation: 2, pads: [1, 1, 1, 1] });
    });
    assert.deepEqual(down, { jump: 2, first: -2, last: 8 });
  });

  it('goes through poolings, padding and two branches that meet', () => {
    const { across } = fieldOf((g, x) => {
      const pooled = g.maxPool(g.relu(x), { kernel: [2, 2], stride: 2 });
      const padded = g.pad(pooled, { pads: [0, 0, 2, 2, 0, 0, 2, 2] });
      return g.concat([pooled, conv(g, padded, [5, 5])], 1);
    });
    assert.deepEqual(across, { jump: 2, first: -4, last: 5 });
  });

  it('is refused where a position is no place any more', () => {
    assert.throws(() => fieldOf((g, x) => g.reshape(x, [1, SIZE * SIZE, 1, 1])), {
      code: 'PORTICO_GRAPH_INVALID',
      message: /no place in the picture/,
    });
  });
});
