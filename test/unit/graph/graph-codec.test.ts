import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PorticoError } from '../../../src/domain/errors.ts';
import { decodeGraph } from '../../../src/graph/decode-graph.ts';
import { encodeGraph } from '../../../src/graph/encode-graph.ts';
import type { Attribute, Graph } from '../../../src/graph/graph.ts';
import { graphBuilder } from '../../../src/graph/graph-builder.ts';
import type { Tensor } from '../../../src/graph/tensor.ts';

const names = fc.stringMatching(/^[a-z][a-z0-9_/:]{0,8}$/);
const float = fc.float({ noNaN: true });
const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

const tensors: fc.Arbitrary<Tensor> = fc.oneof(
  fc.array(float, { minLength: 1, maxLength: 6 }).map((values): Tensor => {
    const data = Float32Array.from(values);
    return { elementType: 'float32', shape: [data.length, 1], data };
  }),
  fc.array(int, { minLength: 1, maxLength: 6 }).map((values): Tensor => {
    const data = BigInt64Array.from(values, BigInt);
    return { elementType: 'int64', shape: [1, data.length], data };
  }),
  fc.boolean().map((value): Tensor => {
    return { elementType: 'bool', shape: [], data: Uint8Array.of(value ? 1 : 0) };
  }),
);

const attributes: fc.Arbitrary<Attribute> = fc.oneof(
  int.map((value): Attribute => ({ kind: 'int', value })),
  float.map((value): Attribute => ({ kind: 'float', value })),
  fc.string().map((value): Attribute => ({ kind: 'string', value })),
  fc.array(int, { maxLength: 4 }).map((value): Attribute => ({ kind: 'ints', value })),
  fc.array(float, { maxLength: 4 }).map((value): Attribute => ({ kind: 'floats', value })),
  fc.array(fc.string(), { maxLength: 3 }).map((value): Attribute => ({ kind: 'strings', value })),
  tensors.map((value): Attribute => ({ kind: 'tensor', value })),
);

const values = fc.record({
  name: names,
  elementType: fc.constantFrom('float32' as const, 'int64' as const, 'uint8' as const),
  shape: fc.array(fc.oneof(fc.nat(2 ** 31), fc.constantFrom('batch', 'N')), { maxLength: 4 }),
});

const graphs: fc.Arbitrary<Graph> = fc.record({
  name: names,
  opset: fc.integer({ min: 1, max: 21 }),
  inputs: fc.array(values, { maxLength: 2 }),
  outputs: fc.array(values, { maxLength: 2 }),
  nodes: fc.array(
    fc.record({
      name: names,
      operator: fc.constantFrom('Conv', 'Add', 'Custom'),
      domain: fc.constantFrom('', 'com.example'),
      inputs: fc.array(fc.oneof(names, fc.constant('')), { maxLength: 3 }),
      outputs: fc.array(names, { minLength: 1, maxLength: 2 }),
      attributes: fc.dictionary(names, attributes, { maxKeys: 3 }),
    }),
    { maxLength: 4 },
  ),
  // Distinct from the inputs: a weight that is also an input is an input of old files only.
  initialisers: fc
    .dictionary(names, tensors, { maxKeys: 3 })
    .map((map) => new Map(Object.entries(map).map(([name, tensor]) => [`w.${name}`, tensor]))),
});

/** Objects of fast-check have no prototype, those that are read have. */
const comparable = (graph: Graph) => ({
  ...graph,
  inputs: graph.inputs.map((value) => ({ ...value })),
  outputs: graph.outputs.map((value) => ({ ...value })),
  nodes: graph.nodes.map((node) => ({ ...node, attributes: Object.entries(node.attributes) })),
});

describe('graph codec', () => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        assert.deepEqual(comparable(decodeGraph(encodeGraph(graph))), comparable(graph));
      }),
    );
  });

  it('writes the same bytes for the same graph', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const bytes = encodeGraph(graph);
        assert.deepEqual(encodeGraph(decodeGraph(bytes)), bytes);
      }),
    );
  });

  it('answers cut or foreign bytes with its own error and no other', () => {
    const g = graphBuilder('victim');
    const x = g.input('x', [1, 4]);
    g.output('y', g.gemm(x, g.constant([4, 2], new Float32Array(8))));
    const whole = encodeGraph(g.build());
    fc.assert(
      fc.property(fc.nat(whole.length), fc.uint8Array({ maxLength: 40 }), (cut, noise) => {
        for (const bytes of [whole.subarray(0, cut), noise]) {
          try {
            decodeGraph(bytes, 'victim.onnx');
          } catch (error) {
            assert.ok(error instanceof PorticoError, String(error));
            assert.equal(error.code, 'PORTICO_GRAPH_INVALID');
            assert.ok(error.message.includes('victim.onnx'));
          }
        }
      }),
    );
    assert.throws(() => decodeGraph(new Uint8Array([1, 2, 3])), PorticoError);
  });
});
