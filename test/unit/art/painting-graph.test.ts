import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CONTENT_TARGET,
  OUTPUTS,
  PIXELS,
  paintingGraph,
  styleTargetName,
  targetsGraph,
} from '../../../src/art/painting-graph.ts';
import { smoothStem } from '../../../src/art/smooth-stem.ts';
import type { Graph } from '../../../src/graph/graph.ts';
import { graphBuilder } from '../../../src/graph/graph-builder.ts';

/** A stem as classifiers have it: stride 2, then maxima. */
function backbone(): Graph {
  const g = graphBuilder('backbone');
  const x = g.input('input', [1, 3, 64, 64]);
  const kernel = (filters: number, channels: number) =>
    g.constant([filters, channels, 3, 3], new Float32Array(filters * channels * 9));
  let features = g.relu(g.conv(x, { weights: kernel(4, 3), stride: 2 }));
  g.output('early', features);
  for (const _ of [1, 2, 3]) features = g.maxPool(features, { kernel: 3, stride: 2 });
  g.output('late', features);
  return g.build();
}

const operatorsOf = (graph: Graph) => graph.nodes.map(({ operator }) => operator);

describe('smoothStem', () => {
  it('moves the stride of the first convolution into a mean, and the first maxima too', () => {
    const smooth = smoothStem(backbone());
    assert.deepEqual(operatorsOf(smooth), [
      ...['Conv', 'Relu', 'AveragePool', 'Identity'],
      ...['AveragePool', 'AveragePool', 'MaxPool', 'Identity'],
    ]);
    const shapes = (graph: Graph) => {
      const g = graphBuilder('shapes');
      const find = g.embed(graph, { prefix: 'net/' });
      return ['early', 'late'].map((name) => find(name).shape);
    };
    // One pixel less where the first window no longer leaps.
    assert.deepEqual(shapes(smooth), shapes(backbone()));
  });

  it('refuses a network without a convolution to smooth', () => {
    const g = graphBuilder('dense');
    g.output('y', g.relu(g.input('x', [1, 4])));
    assert.throws(() => smoothStem(g.build()), { code: 'PORTICO_GRAPH_INVALID' });
  });
});

describe('paintingGraph', () => {
  const layers = { content: 'early', style: { early: 1, late: 0.5 } };
  const size = { widthPx: 80, heightPx: 64 };

  it('takes pixels and targets, and gives costs and the derivative by the pixels', () => {
    const graph = paintingGraph(smoothStem(backbone()), layers, size, {
      weights: { content: 1, style: 2, totalVariation: 3 },
      styleShares: [0.25, 0.75],
    });
    assert.deepEqual(
      graph.inputs.map(({ name }) => name).sort(),
      [
        CONTENT_TARGET,
        PIXELS,
        ...[0, 1].flatMap((style) =>
          Object.keys(layers.style).map((layer) => styleTargetName(style, layer)),
        ),
      ].sort(),
    );
    const shapes = new Map(graph.outputs.map(({ name, shape }) => [name, shape]));
    assert.deepEqual([...shapes.keys()].sort(), Object.values(OUTPUTS).sort());
    assert.deepEqual(shapes.get(OUTPUTS.gradient), [1, 3, 64, 80]);
  });

  it('shows what a picture must be like in the shapes that painting asks for', () => {
    const targets = targetsGraph(smoothStem(backbone()), layers, size);
    const painting = paintingGraph(smoothStem(backbone()), layers, size, {
      weights: { content: 1, style: 1, totalVariation: 1 },
      styleShares: [1],
    });
    const wanted = new Map(painting.inputs.map(({ name, shape }) => [name, shape]));
    for (const { name, shape } of targets.outputs) {
      const asked = name === CONTENT_TARGET ? name : styleTargetName(0, name);
      assert.deepEqual(shape, wanted.get(asked), name);
    }
  });
});
