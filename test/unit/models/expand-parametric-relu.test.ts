import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expandParametricRelu } from '../../../models/prepare/passes/expand-parametric-relu.ts';
import { graphBuilder } from '../../../src/graph/graph-builder.ts';

describe('expandParametricRelu', () => {
  it('leaves no PRelu over an image, and the slope that it had', () => {
    const g = graphBuilder('image');
    const x = g.input('x', [1, 2, 4, 4]);
    g.output('y', g.pRelu(x, g.constant([2, 1, 1], Float32Array.of(0.25, -2), 'slope')));
    const graph = expandParametricRelu(g.build());
    assert.deepEqual(
      graph.nodes.map((node) => node.operator),
      ['BatchNormalization', 'Relu', 'BatchNormalization', 'Add', 'Identity'],
    );
    const [everywhere, , rest] = graph.nodes;
    const factors = (name: string | undefined) => [
      ...(graph.initialisers.get(name ?? '')?.data ?? []),
    ];
    assert.deepEqual(factors(everywhere?.inputs[1]), [0.25, -2]);
    assert.deepEqual(factors(rest?.inputs[1]), [0.75, 3]);
    assert.ok(!graph.initialisers.has('slope'));
  });

  it('leaves a PRelu over vectors alone', () => {
    const g = graphBuilder('vector');
    const x = g.input('x', [1, 8]);
    g.output('y', g.pRelu(x, g.constant([8], new Float32Array(8))));
    const graph = g.build();
    assert.deepEqual(expandParametricRelu(graph).nodes, graph.nodes);
  });
});
