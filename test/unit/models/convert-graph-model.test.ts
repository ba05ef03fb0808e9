import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { convertGraphModel } from '../../../models/prepare/tfjs/convert-graph-model.ts';
import { readGraphModel } from '../../../models/prepare/tfjs/graph-model.ts';
import { encodeGraph } from '../../../src/graph/encode-graph.ts';
import type { Graph } from '../../../src/graph/graph.ts';
import { graphModel, image, ints, text, texts } from './tfjs-graphs.ts';

type Parts = Parameters<typeof graphModel>;

function convert(nodes: Parts[0], weights: Parts[1], output: string): Graph {
  const { json, bytes } = graphModel(nodes, weights);
  return convertGraphModel(readGraphModel(json, bytes, 'test'), 'test', { y: [output] });
}

const operators = (graph: Graph) => graph.nodes.map((node) => node.operator);
const ones = (count: number) => Array.from({ length: count }, () => 1);
const conv = (padding: string, stride: number, more: Record<string, unknown> = {}) => ({
  padding: text(padding),
  strides: ints(1, stride, stride, 1),
  dilations: ints(1, 1, 1, 1),
  ...more,
});

describe('convertGraphModel', () => {
  it('turns an NHWC input into NCHW without a transpose', () => {
    const graph = convert(
      [
        image(8, 6, 3),
        { name: 'c', op: 'Conv2D', input: ['x', 'w'], attr: conv('SAME', 1) },
        { name: 'r', op: 'Relu', input: ['c'] },
        { name: 'm', op: 'Mean', input: ['r', 'axes'], attr: { keep_dims: { b: false } } },
      ],
      [
        { name: 'w', shape: [3, 3, 3, 4], values: ones(108) },
        { name: 'axes', shape: [2], values: [1, 2], integer: true },
      ],
      'm',
    );
    assert.deepEqual(graph.inputs[0]?.shape, [1, 3, 8, 6]);
    assert.deepEqual(graph.outputs[0]?.shape, [1, 4]);
    assert.deepEqual(operators(graph), [
      'Conv',
      'Relu',
      'GlobalAveragePool',
      'Reshape',
      'Identity',
    ]);
  });

  it('pads SAME with stride 2 unevenly, at the end, in the convolution itself', () => {
    const graph = convert(
      [image(8, 8, 1), { name: 'c', op: 'Conv2D', input: ['x', 'w'], attr: conv('SAME', 2) }],
      [{ name: 'w', shape: [3, 3, 1, 1], values: ones(9) }],
      'c',
    );
    const [node] = graph.nodes;
    assert.deepEqual(node?.attributes['pads'], { kind: 'ints', value: [0, 0, 1, 1] });
    assert.deepEqual(graph.outputs[0]?.shape, [1, 4, 4, 1]);
  });

  it('takes a Pad before a convolution into it', () => {
    const graph = convert(
      [
        image(8, 8, 1),
        { name: 'p', op: 'Pad', input: ['x', 'pads'] },
        { name: 'c', op: 'Conv2D', input: ['p', 'w'], attr: conv('VALID', 2) },
      ],
      [
        { name: 'pads', shape: [4, 2], values: [0, 0, 1, 0, 2, 3, 0, 0], integer: true },
        { name: 'w', shape: [3, 3, 1, 1], values: ones(9) },
      ],
      'c',
    );
    assert.ok(!operators(graph).includes('Pad'));
    assert.deepEqual(graph.nodes[0]?.attributes['pads'], { kind: 'ints', value: [1, 2, 0, 3] });
  });

  it('orders the weights of the first dense layer for a channels-first image', () => {
    // Two pixels with two channels: TensorFlow flattens to p0c0 p0c1 p1c0 p1c1.
    const graph = convert(
      [
        image(1, 2, 2),
        { name: 'r', op: 'Relu', input: ['x'] },
        { name: 'f', op: 'Reshape', input: ['r', 'shape'] },
        { name: 'd', op: 'MatMul', input: ['f', 'w'] },
      ],
      [
        { name: 'shape', shape: [2], values: [-1, 4], integer: true },
        { name: 'w', shape: [4, 1], values: [10, 20, 30, 40] },
      ],
      'd',
    );
    assert.ok(!operators(graph).includes('Transpose'));
    const weights = [...graph.initialisers.values()].find(({ shape }) => shape[1] === 1);
    assert.deepEqual([...(weights?.data ?? [])], [10, 30, 20, 40]);
  });

  it('adds a depthwise convolution, its bias and its activation as TensorFlow fused them', () => {
    const graph = convert(
      [
        image(4, 4, 2),
        {
          name: 'd',
          op: 'FusedDepthwiseConv2dNative',
          input: ['x', 'w', 'b'],
          attr: conv('VALID', 1, { fused_ops: texts('BiasAdd', 'Relu6') }),
        },
      ],
      [
        { name: 'w', shape: [3, 3, 2, 1], values: [...Array(18).keys()] },
        { name: 'b', shape: [2], values: [5, 6] },
      ],
      'd',
    );
    assert.deepEqual(operators(graph).slice(0, 2), ['Conv', 'Clip']);
    assert.deepEqual(graph.nodes[0]?.attributes['group'], { kind: 'int', value: 2 });
    const weights = [...graph.initialisers.values()].find(({ shape }) => shape.length === 4);
    assert.deepEqual(weights?.shape, [2, 1, 3, 3]);
    const even = [...Array(9).keys()].map((at) => 2 * at);
    assert.deepEqual([...(weights?.data ?? [])], [...even, ...even.map((value) => value + 1)]);
  });

  it('gives the same bytes every time', () => {
    const make = () =>
      encodeGraph(
        convert(
          [image(4, 4, 1), { name: 'c', op: 'Conv2D', input: ['x', 'w'], attr: conv('SAME', 1) }],
          [{ name: 'w', shape: [3, 3, 1, 2], values: ones(18) }],
          'c',
        ),
      );
    assert.deepEqual(make(), make());
  });

  it('names the node and the operator it does not know', () => {
    const fft = () => convert([image(4, 4, 1), { name: 'f', op: 'FFT2D', input: ['x'] }], [], 'f');
    assert.throws(fft, { code: 'PORTICO_MODEL_CONVERT', message: /"f" \(FFT2D\)/ });
    assert.throws(() => convert([image(4, 4, 1)], [], 'nowhere'), /"nowhere"/);
  });

  it('refuses a weights file that is too short or too long', () => {
    const { json, bytes } = graphModel(
      [image(4, 4, 1)],
      [{ name: 'w', shape: [2], values: [1, 2] }],
    );
    for (const wrong of [bytes.subarray(0, 7), Buffer.concat([bytes, Buffer.alloc(1)])]) {
      assert.throws(() => readGraphModel(json, wrong, 'tiny.bin'), {
        code: 'PORTICO_MODEL_CONVERT',
        message: /tiny\.bin/,
      });
    }
  });
});
