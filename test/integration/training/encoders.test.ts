import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Graph } from '../../../src/graph/graph.ts';
import { graphBuilder } from '../../../src/graph/graph-builder.ts';
import { loadEngine } from '../../../src/inference/engine.ts';
import { GraphSession } from '../../../src/inference/graph-session.ts';
import { normalDraw, seededRandom } from '../../../src/numeric/random.ts';
import { adaptedEncoder } from '../../../src/training/adapted-encoder.ts';
import type { OpenGraph } from '../../../src/training/descent.ts';
import { cutEncoder, FEATURES } from '../../../src/training/encoder-tail.ts';
import { frozenTower } from '../../../src/training/frozen-tower.ts';
import { projectionHead } from '../../../src/training/projection-head.ts';
import { towerGraph } from '../../../src/training/siamese-graphs.ts';

const engine = loadEngine();
const open: OpenGraph = (graph) => GraphSession.open(engine, graph, { threads: 1 });
const random = seededRandom(3);
const drawn = (length: number): Float32Array =>
  Float32Array.from({ length }, () => normalDraw(random));

/** Convolution, ReLU, convolution over all that is left, one row: the shape of real encoders. */
function encoder({ shortcut }: { readonly shortcut: boolean }): Graph {
  const g = graphBuilder('encoder');
  const x = g.input('picture', [1, 3, 8, 8]);
  const first = g.conv(x, { weights: g.constant([4, 3, 3, 3], drawn(108)), pads: [1, 1, 1, 1] });
  const middle = g.conv(g.relu(first), {
    weights: g.constant([4, 4, 3, 3], drawn(144)),
    pads: [1, 1, 1, 1],
  });
  const joined = shortcut ? g.add(middle, first) : middle;
  const last = g.conv(joined, {
    weights: g.constant([6, 4, 8, 8], drawn(1_536)),
    bias: g.constant([6], drawn(6)),
  });
  g.output('vector', g.reshape(last, [1, 6]));
  return g.build();
}

async function run(graph: Graph, feeds: Record<string, Float32Array>, output: string) {
  const session = await open(graph);
  const result = (await session.run(feeds)).get(output)?.slice() ?? new Float32Array();
  await session.close();
  return result;
}

const unit = (vector: Float32Array): Float32Array => {
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
};

function assertClose(left: Float32Array, right: Float32Array): void {
  assert.equal(left.length, right.length);
  for (const [index, value] of left.entries()) {
    assert.ok(Math.abs(value - (right[index] ?? Number.NaN)) < 1e-5, `${value} at ${index}`);
  }
}

describe('cutEncoder', () => {
  for (const layers of [1, 2]) {
    it(`gives a body and a tail that make the encoder together: ${layers} layers`, async () => {
      const whole = encoder({ shortcut: false });
      const picture = drawn(192);
      const { body, tail } = cutEncoder(whole, layers);
      const features = await run(body, { picture }, FEATURES);
      const vector = await run(
        frozenTower(tail, tail.parameters),
        { samples: features },
        'vectors',
      );
      assertClose(vector, unit(await run(whole, { picture }, 'vector')));
    });
  }

  it('refuses to cut beside a shortcut', () => {
    assert.throws(() => cutEncoder(encoder({ shortcut: true }), 2), {
      code: 'PORTICO_GRAPH_INVALID',
      message: /beside a shortcut/,
    });
    assert.doesNotThrow(() => cutEncoder(encoder({ shortcut: true }), 1));
  });

  it('refuses more layers than there are', () => {
    assert.throws(() => cutEncoder(encoder({ shortcut: false }), 9), {
      code: 'PORTICO_GRAPH_INVALID',
      message: /has no 9 layers/,
    });
  });
});

describe('the tail of an encoder', () => {
  /** Reshapes in the middle, for one picture, as exporters write it before a fully connected layer. */
  function encoderWithRows(): Graph {
    const g = graphBuilder('encoder');
    const x = g.input('picture', [1, 3, 8, 8]);
    const seen = g.relu(g.conv(x, { weights: g.constant([4, 3, 8, 8], drawn(768)) }));
    const row = g.reshape(seen, [1, 4]);
    g.output('vector', g.matMul(row, g.constant([4, 6], drawn(24))));
    return g.build();
  }

  it('takes many pictures at a time, and gives each the vector that it has alone', async () => {
    const { body, tail } = cutEncoder(encoderWithRows(), 2);
    const pictures = [drawn(192), drawn(192), drawn(192)];
    const features: Float32Array[] = [];
    for (const picture of pictures) features.push(await run(body, { picture }, FEATURES));
    const stacked = Float32Array.from(features.flatMap((values) => [...values]));
    const given = Object.fromEntries(tail.parameters.map(({ name, initial }) => [name, initial]));
    const together = await run(
      towerGraph(tail, pictures.length),
      { samples: stacked, ...given },
      'vectors',
    );
    for (const [index, samples] of features.entries()) {
      const alone = await run(frozenTower(tail, tail.parameters), { samples }, 'vectors');
      assertClose(together.subarray(6 * index, 6 * index + 6), alone);
    }
  });
});

describe('adaptedEncoder', () => {
  it('is the encoder itself under a head that was not trained', async () => {
    const base = encoder({ shortcut: true });
    const head = projectionHead(6);
    const picture = drawn(192);
    const adapted = adaptedEncoder(base, head, head.parameters);
    assertClose(
      await run(adapted, { picture }, 'vector'),
      unit(await run(base, { picture }, 'vector')),
    );
  });

  it('does what encoder and head do one after the other', async () => {
    const base = encoder({ shortcut: true });
    const head = projectionHead(6);
    const trained = head.parameters.map((parameter) => ({ ...parameter, initial: drawn(36) }));
    const picture = drawn(192);
    const samples = unit(await run(base, { picture }, 'vector'));
    assertClose(
      await run(adaptedEncoder(base, head, trained), { picture }, 'vector'),
      await run(frozenTower(head, trained), { samples }, 'vectors'),
    );
  });
});
