import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PorticoError } from '../../../src/domain/errors.ts';
import { GRADIENT_CASES } from '../../../src/gradient/check/gradient-cases.ts';
import { differentiate, gradientName } from '../../../src/gradient/differentiate.ts';
import { OPERATORS } from '../../../src/gradient/operator-table.ts';
import { type GraphBuilder, graphBuilder } from '../../../src/graph/graph-builder.ts';

const built = (build: (g: GraphBuilder) => void) => {
  const g = graphBuilder('net');
  build(g);
  return g.build();
};

/** x (4) → rectified → scaled by weights (4) → summed; and a branch that nothing needs. */
const net = built((g) => {
  const x = g.input('x', [4]);
  const weights = g.constant([4], Float32Array.of(1, 2, 3, 4), 'weights');
  g.output('cost', g.reduceSum(g.mul(g.relu(x), weights), { axes: [0] }));
  g.output('aside', g.node('Erf', [x]));
});

describe('differentiate', () => {
  it('publishes the cost and one derivative per variable', () => {
    const graph = differentiate(net, { cost: 'cost', withRespectTo: ['x', 'weights'] });
    assert.deepEqual(
      graph.outputs.map(({ name, shape }) => [name, shape]),
      [
        ['cost', []],
        [gradientName('x'), [4]],
        [gradientName('weights'), [4]],
      ],
    );
  });

  it('makes an initialiser that is differentiated an input', () => {
    const graph = differentiate(net, { cost: 'cost', withRespectTo: ['weights'] });
    assert.deepEqual(
      graph.inputs.map(({ name }) => name),
      ['x', 'weights'],
    );
    assert.ok(![...graph.initialisers.keys()].some((name) => name.includes('weights')));
  });

  it('differentiates only what lies between variables and cost', () => {
    const operators = (withRespectTo: readonly string[]) =>
      differentiate(net, { cost: 'cost', withRespectTo }).nodes.map(({ operator }) => operator);
    assert.ok(!operators(['weights']).includes('Where'), 'the rectifier lies before the weights');
    assert.ok(operators(['x']).includes('Where'));
    assert.ok(!operators(['x']).includes('Erf'));
  });

  it('keeps other values on demand', () => {
    const options = { cost: 'cost', withRespectTo: ['x'], keep: ['aside'] };
    assert.ok(differentiate(net, options).outputs.some(({ name }) => name === 'aside'));
  });

  it('names node and operator when one on the way has no derivative', () => {
    const graph = built((g) => {
      const x = g.input('x', [4]);
      g.output('cost', g.reduceSum(g.node('Erf', [x], { name: 'bend' }), { axes: [0] }));
    });
    const attempt = () => differentiate(graph, { cost: 'cost', withRespectTo: ['x'] });
    assert.throws(attempt, (error: unknown) => {
      assert.ok(error instanceof PorticoError);
      assert.equal(error.code, 'PORTICO_GRAPH_UNSUPPORTED');
      assert.match(error.message, /bend.*Erf/);
      return true;
    });
  });

  it('refuses a mode of an operator that it has no derivative for, naming the node', () => {
    const graph = built((g) => {
      const x = g.input('x', [1, 1, 4, 4]);
      const cubic = g.node(
        'Resize',
        [x, undefined, undefined, g.constant([4], BigInt64Array.of(1n, 1n, 8n, 8n))],
        {
          attributes: { mode: { kind: 'string', value: 'cubic' } },
          name: 'enlarge',
        },
      );
      g.output('cost', g.reduceSum(cubic, { axes: [] }));
    });
    const attempt = () => differentiate(graph, { cost: 'cost', withRespectTo: ['x'] });
    assert.throws(attempt, /enlarge.*Resize.*cubic/);
  });

  it('refuses a cost of several numbers, and one that does not depend on the variable', () => {
    const graph = built((g) => {
      const [x, z] = [g.input('x', [4]), g.input('z', [4])];
      g.output('many', g.relu(x));
      g.output('cost', g.reduceSum(z, { axes: [0] }));
    });
    const by = (cost: string) => () => differentiate(graph, { cost, withRespectTo: ['x'] });
    assert.throws(by('many'), /one float32 number/);
    assert.throws(by('cost'), /does not depend/);
  });

  it('lets nothing flow back through indices and truth values', () => {
    const graph = built((g) => {
      const x = g.input('x', [4]);
      const mask = g.cast(g.greater(x, 0), 'float32');
      g.output('cost', g.reduceSum(g.mul(x, mask), { axes: [0] }));
    });
    // The mask jumps or stays: one product per direction, and no derivative of Cast or Greater.
    const { nodes } = differentiate(graph, { cost: 'cost', withRespectTo: ['x'] });
    assert.equal(nodes.filter(({ operator }) => operator === 'Mul').length, 2);
    assert.equal(nodes.filter(({ operator }) => operator === 'Cast').length, 1);
  });
});

describe('the operator table', () => {
  it('puts every operator to the test', () => {
    assert.deepEqual(Object.keys(GRADIENT_CASES).sort(), Object.keys(OPERATORS).sort());
  });
});
