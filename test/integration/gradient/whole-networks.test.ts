import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BACKBONE_LAYERS } from '../../../src/art/painting-graph.ts';
import { smoothStem } from '../../../src/art/smooth-stem.ts';
import { PorticoError } from '../../../src/domain/errors.ts';
import { checkAlongGradient } from '../../../src/gradient/check/check-along-gradient.ts';
import { gramMatrix } from '../../../src/gradient/costs/gram-matrix.ts';
import { differentiate } from '../../../src/gradient/differentiate.ts';
import { decodeGraph } from '../../../src/graph/decode-graph.ts';
import type { Graph } from '../../../src/graph/graph.ts';
import { graphBuilder } from '../../../src/graph/graph-builder.ts';
import { elementCount } from '../../../src/graph/tensor.ts';
import { openCatalogue } from '../../../src/inference/catalogue.ts';
import { loadEngine } from '../../../src/inference/engine.ts';
import { GraphSession } from '../../../src/inference/graph-session.ts';
import { seededRandom } from '../../../src/numeric/random.ts';

/**
 * Seen: 1e-4 to 3e-3, the float32 noise of a cost that goes through fifty layers. A wrong
 * derivative anywhere on the way is off by several percent.
 */
const TOLERANCE = 8e-3;
const engine = loadEngine();
const catalogue = openCatalogue({
  modelsDir: fileURLToPath(new URL('../../../../models/', import.meta.url)),
  cacheDir: join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'portico', 'models'),
});

function network(id: string, t: TestContext): Graph | undefined {
  try {
    return decodeGraph(readFileSync(catalogue.resolve(id).onnxPath), id);
  } catch (error) {
    if (!(error instanceof PorticoError) || error.code !== 'PORTICO_MODEL_MISSING') throw error;
    t.skip(`${id} is not prepared: run portico models prepare ${id}`);
    return undefined;
  }
}

/** Smooth noise, as pictures are, in [0, 1]. */
function noise(count: number): Float32Array {
  const random = seededRandom(3);
  let level = 0.5;
  return Float32Array.from({ length: count }, () => {
    level = Math.min(1, Math.max(0, level + 0.2 * (random() - 0.5)));
    return level;
  });
}

async function errorOf(graph: Graph, variable: string, t: TestContext): Promise<number> {
  const trained = differentiate(graph, { cost: 'J', withRespectTo: [variable] });
  const session = await GraphSession.open(engine, trained);
  const feeds: Record<string, Float32Array> = {};
  for (const { name, shape } of trained.inputs) {
    const weights = graph.initialisers.get(name)?.data;
    feeds[name] =
      weights instanceof Float32Array ? weights : noise(elementCount(shape.map(Number)));
  }
  const result = await checkAlongGradient((values) => session.run(values), feeds, variable);
  await session.close();
  t.diagnostic(
    `${variable}: slope ${result.predicted.toPrecision(5)}, measured ${result.measured.toPrecision(5)}, error ${result.error.toExponential(1)}`,
  );
  return result.error;
}

describe('the derivative of a whole network', () => {
  it('of the face encoder, by the picture and by its first and a middle kernel', async (t) => {
    const encoder = network('mobilefacenet-512', t);
    if (encoder === undefined) return;
    const g = graphBuilder('alike');
    const x = g.input('x', [1, 3, 112, 112]);
    const kernels = encoder.nodes.filter(({ operator }) => operator === 'Conv');
    const names = [kernels[0], kernels[Math.floor(kernels.length / 2)]].flatMap(
      (node) => node?.inputs[1] ?? [],
    );
    const trained = new Map(
      names.map((name) => [
        name,
        g.constant(
          encoder.initialisers.get(name)?.shape ?? [],
          encoder.initialisers.get(name)?.data ?? new Float32Array(),
          name,
        ),
      ]),
    );
    const bindings = new Map([['input', x], ...trained]);
    const embedding = g.embed(encoder, { bindings, prefix: 'encoder/' })('output');
    const towards = g.constant([1, 512], noise(512));
    g.output('J', g.reduceSum(g.mul(g.lpNormalization(embedding), towards), { axes: [0, 1] }));
    const graph = g.build();
    for (const variable of ['x', ...names]) {
      assert.ok((await errorOf(graph, variable, t)) < TOLERANCE, variable);
    }
  });

  for (const [title, change] of [
    ['as it was trained', (graph: Graph) => graph],
    ['with the stem that painters use', smoothStem],
  ] as const) {
    it(`of the style backbone ${title}, by the picture`, async (t) => {
      const backbone = network('style-backbone', t);
      if (backbone === undefined) return;
      const g = graphBuilder('texture');
      const x = g.input('x', [1, 3, 96, 80]);
      const upTo = Object.keys(BACKBONE_LAYERS.style);
      const bindings = new Map([['input', x]]);
      const find = g.embed(change(backbone), { bindings, prefix: 'backbone/', upTo });
      const parts = upTo.map((layer) =>
        g.reduceSumSquare(gramMatrix(g, find(layer)), { axes: [0, 1, 2] }),
      );
      g.output('J', g.log(g.sum(parts)));
      assert.ok((await errorOf(g.build(), 'x', t)) < TOLERANCE);
    });
  }
});
