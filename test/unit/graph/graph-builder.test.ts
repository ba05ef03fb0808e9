import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PorticoError } from '../../../src/domain/errors.ts';
import { graphBuilder } from '../../../src/graph/graph-builder.ts';

const filled = (count: number) => new Float32Array(count);

function refuses(build: () => unknown, ...words: readonly string[]): void {
  assert.throws(build, (error: unknown) => {
    assert.ok(error instanceof PorticoError);
    assert.equal(error.code, 'PORTICO_GRAPH_INVALID');
    for (const word of words) assert.ok(error.message.includes(word), error.message);
    return true;
  });
}

describe('graph builder', () => {
  it('knows the shape of every value', () => {
    const g = graphBuilder('shapes');
    const x = g.input('x', [1, 3, 256, 256]);
    const weights = g.constant([24, 3, 5, 5], filled(24 * 75));
    const y = g.conv(x, { weights, stride: 2, pads: [1, 1, 2, 2] });
    assert.deepEqual(y.shape, [1, 24, 128, 128]);
    assert.deepEqual(g.maxPool(y, { kernel: 2, stride: 2 }).shape, [1, 24, 64, 64]);
    assert.deepEqual(g.globalAveragePool(y).shape, [1, 24, 1, 1]);
    assert.deepEqual(g.transpose(y, [0, 2, 3, 1]).shape, [1, 128, 128, 24]);
    assert.deepEqual(g.reshape(y, [1, -1, 24]).shape, [1, 16384, 24]);
    assert.deepEqual(g.reduceMean(y, { axes: [2, 3] }).shape, [1, 24]);
    assert.deepEqual(g.reduceMean(y, { axes: [-1], keep: true }).shape, [1, 24, 128, 1]);
    assert.deepEqual(
      g.slice(y, { axes: [1], starts: [4], ends: [-4], steps: [2] }).shape,
      [1, 8, 128, 128],
    );
    assert.deepEqual(g.resize(y, [1, 24, 64, 32], 'linear').shape, [1, 24, 64, 32]);
    assert.deepEqual(
      g.split(y, 1, [8, 16]).map((part) => part.shape[1]),
      [8, 16],
    );
  });

  it('ranks a gallery by one matrix product', () => {
    const g = graphBuilder('search');
    const probes = g.input('probes', [2, 512]);
    const gallery = g.input('gallery', [512, 1000]);
    const [similarities, indices] = g.topK(g.matMul(probes, gallery), 5);
    assert.deepEqual(similarities?.shape, [2, 5]);
    assert.equal(indices?.elementType, 'int64');
  });

  it('names node and operator when shapes do not fit', () => {
    const g = graphBuilder('wrong');
    const x = g.input('x', [1, 3, 8, 8]);
    const weights = g.constant([4, 2, 3, 3], filled(72), 'narrow');
    refuses(() => g.conv(x, { weights, name: 'stem' }), 'stem', 'Conv', '3 channels');
    refuses(() => g.add(x, g.constant([5], filled(5))), 'Add', '[1,3,8,8]', '[5]');
    refuses(() => g.matMul(x, g.constant([4, 4], filled(16))), 'MatMul', 'inner sizes');
    refuses(() => g.reshape(x, [1, 5, -1]), 'Reshape');
    refuses(() => g.concat([x, g.input('z', [1, 3, 8, 9])], 1), 'Concat');
    refuses(() => g.maxPool(x, { kernel: 9 }), 'MaxPool', 'does not fit');
    refuses(() => g.transpose(x, [0, 0, 1, 2]), 'Transpose');
    refuses(() => g.constant([3], filled(2)), 'Constant', '2 values');
    refuses(() => g.apply('Fft', [x]), 'Fft', 'not known');
  });

  it('refuses a value of another graph', () => {
    const other = graphBuilder('other').input('x', [1]);
    refuses(() => graphBuilder('mine').relu(other), 'another graph');
  });

  it('refuses a name that is taken, and a graph that publishes nothing', () => {
    const g = graphBuilder('empty');
    g.input('x', [1]);
    refuses(() => g.input('x', [2]), 'taken');
    refuses(() => g.build(), 'no output');
  });

  it('leaves out what no output needs', () => {
    const g = graphBuilder('dead');
    const x = g.input('x', [2]);
    g.mul(x, g.constant([2], Float32Array.of(3, 4), 'unused'));
    g.output('y', g.relu(x));
    const graph = g.build();
    assert.deepEqual(
      graph.nodes.map((node) => node.operator),
      ['Relu', 'Identity'],
    );
    assert.equal(graph.initialisers.size, 0);
  });

  it('stores equal scalars and sizes once', () => {
    const g = graphBuilder('shared');
    const x = g.input('x', [2, 2]);
    g.output('y', g.reshape(g.add(g.add(x, 1), g.reshape(g.mul(x, 1), [2, 2])), [2, 2]));
    assert.deepEqual([...g.build().initialisers.keys()].sort(), ['float32:1', 'ints:2,2']);
  });

  it('broadcasts shapes commutatively, and keeps a shape broadcast with its own ones', () => {
    const size = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(fc.array(fc.tuple(size, fc.boolean()), { maxLength: 4 }), (axes) => {
        const full = axes.map(([length]) => length);
        const thinned = axes.map(([length, keeps]) => (keeps ? length : 1));
        const g = graphBuilder('broadcast');
        const [left, right] = [g.input('left', full), g.input('right', thinned)];
        assert.deepEqual(g.add(left, right).shape, full);
        assert.deepEqual(g.add(right, left).shape, full);
      }),
    );
  });
});
