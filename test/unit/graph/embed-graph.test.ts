import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Graph, GraphNode } from '../../../src/graph/graph.ts';
import { intAttribute, intsAttribute } from '../../../src/graph/graph.ts';
import { graphBuilder } from '../../../src/graph/graph-builder.ts';

function net(): Graph {
  const g = graphBuilder('net');
  const x = g.input('x', [1, 3, 8, 8]);
  const weights = g.constant([4, 3, 3, 3], new Float32Array(108), 'weights');
  g.output('features', g.relu(g.conv(x, { weights, pads: [1, 1, 1, 1] })));
  g.output('unused', g.neg(x));
  return g.build();
}

/** A graph of an older operator set, as exporters wrote them. */
const old = (nodes: readonly Partial<GraphNode>[], opset = 9): Graph => ({
  name: 'old',
  opset,
  inputs: [{ name: 'x', elementType: 'float32', shape: [1, 3, 4, 4] }],
  outputs: [{ name: 'y', elementType: 'float32', shape: ['n'] }],
  nodes: nodes.map((node, index) => ({
    ...{ name: `n${index}`, operator: 'Identity', domain: '', attributes: {} },
    ...{ inputs: ['x'], outputs: ['y'] },
    ...node,
  })),
  initialisers: new Map([
    ['minus-one', { elementType: 'int64' as const, shape: [1], data: BigInt64Array.of(-1n) }],
    ['first', { elementType: 'int64' as const, shape: [], data: BigInt64Array.of(0n) }],
  ]),
});

describe('embedGraph', () => {
  it('takes in what is asked for, on a picture of another size', () => {
    const g = graphBuilder('outer');
    const picture = g.input('picture', [1, 3, 12, 20]);
    const bindings = new Map([['x', picture]]);
    const find = g.embed(net(), { bindings, prefix: 'net/', upTo: ['features'] });
    assert.deepEqual(find('features').shape, [1, 4, 12, 20]);
    g.output('features', find('features'));
    const graph = g.build();
    assert.deepEqual(
      graph.nodes.map((node) => node.operator),
      ['Conv', 'Relu', 'Identity', 'Identity'],
    );
    assert.deepEqual([...graph.initialisers.keys()], ['net/weights']);
    assert.throws(() => find('unused'), { code: 'PORTICO_GRAPH_INVALID' });
  });

  it('embeds the same graph twice under two prefixes', () => {
    const g = graphBuilder('pair');
    const [left, right] = [g.embed(net(), { prefix: 'a/' }), g.embed(net(), { prefix: 'b/' })];
    g.output('difference', g.sub(left('features'), right('features')));
    assert.deepEqual(
      g.build().inputs.map(({ name }) => name),
      ['a/x', 'b/x'],
    );
  });

  it('binds a value in the place of an initialiser', () => {
    const g = graphBuilder('trained');
    const weights = g.input('weights', [4, 3, 3, 3]);
    const find = g.embed(net(), { bindings: new Map([['weights', weights]]), prefix: 'net/' });
    g.output('features', find('features'));
    assert.deepEqual(
      g.build().inputs.map(({ name }) => name),
      ['weights', 'net/x'],
    );
  });

  it('gives nodes of old operator sets their present form', () => {
    const g = graphBuilder('modern');
    const find = g.embed(
      old([
        {
          operator: 'ReduceMean',
          attributes: { axes: intsAttribute([2, 3]), keepdims: intAttribute(0) },
          outputs: ['m'],
        },
        {
          operator: 'Unsqueeze',
          inputs: ['m'],
          attributes: { axes: intsAttribute([0]) },
          outputs: ['u'],
        },
        { operator: 'Softmax', inputs: ['u'], attributes: { axis: intAttribute(2) } },
      ]),
      { prefix: 'old/' },
    );
    assert.deepEqual(find('y').shape, [1, 1, 3]);
    g.output('y', find('y'));
    const operators = g.build().nodes.map(({ operator, inputs }) => [operator, inputs.length]);
    assert.deepEqual(operators.slice(0, 2), [
      ['ReduceMean', 2],
      ['Unsqueeze', 2],
    ]);
  });

  it('refuses a Softmax over several axes, which the present form does not have', () => {
    const joined = old([{ operator: 'Softmax', attributes: { axis: intAttribute(1) } }]);
    assert.throws(() => graphBuilder('modern').embed(joined), /Softmax.*several axes/);
  });

  it('folds the arithmetic of sizes that exporters leave in', () => {
    const g = graphBuilder('folded');
    const find = g.embed(
      old([
        { operator: 'Shape', outputs: ['s'] },
        { operator: 'Gather', inputs: ['s', 'first'], outputs: ['n'] },
        {
          operator: 'Unsqueeze',
          inputs: ['n'],
          attributes: { axes: intsAttribute([0]) },
          outputs: ['v'],
        },
        {
          operator: 'Concat',
          inputs: ['v', 'minus-one'],
          attributes: { axis: intAttribute(0) },
          outputs: ['t'],
        },
        { operator: 'Reshape', inputs: ['x', 't'] },
      ]),
    );
    assert.deepEqual(find('y').shape, [1, 48]);
  });

  it('names an input whose size is left open', () => {
    const open: Graph = {
      ...old([{}]),
      inputs: [{ name: 'x', elementType: 'float32', shape: ['batch', 3] }],
    };
    assert.throws(() => graphBuilder('outer').embed(open), /"x".*"batch"/);
  });
});
