import type { RunnableGraph } from '../../src/art/paint.ts';
import type { PainterDesign } from '../../src/art/painter-design.ts';
import { styleTarget } from '../../src/art/style-targets.ts';
import type { TrainingFolderOptions } from '../../src/art/training-folder.ts';
import { TRAINING_DEFAULTS, type TrainingPlan } from '../../src/art/training-plan.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { graphBuilder } from '../../src/graph/graph-builder.ts';
import { loadEngine } from '../../src/inference/engine.ts';
import { GraphSession } from '../../src/inference/graph-session.ts';
import { seededRandom } from '../../src/numeric/random.ts';

const design: PainterDesign = { channels: [4, 6, 8], blocks: 1, styles: 2 };

/** A training that takes a second: a small net, and a backbone of random kernels. */
export const SMALL_PLAN: TrainingPlan = {
  ...TRAINING_DEFAULTS,
  design,
  layers: { content: 'layer', style: { layer: 1 } },
  weights: { content: 0.1, style: 10, totalVariation: 0, steadiness: 1 },
  cropPx: 24,
  stylePx: 32,
  steps: 60,
  learningRate: 1e-2,
  firstTrainedStyle: 0,
};

const engine = loadEngine();
export const openOnOneThread = (graph: Graph): Promise<RunnableGraph> =>
  GraphSession.open(engine, graph, { threads: 1 });

function backbone(): Graph {
  const random = seededRandom(5);
  const g = graphBuilder('small');
  const weights = g.constant(
    [8, 3, 3, 3],
    Float32Array.from({ length: 216 }, () => 0.8 * (2 * random() - 1)),
  );
  const x = g.input('input', [1, 3, 24, 24]);
  g.output('layer', g.relu(g.conv(x, { weights, pads: [1, 1, 1, 1] })));
  return g.build();
}

/** Dark and bright stripes, across or down. */
const stripes = (widthPx: number, heightPx: number, acrossPx: number, downPx: number) => ({
  widthPx,
  heightPx,
  rgb: Uint8Array.from({ length: 3 * widthPx * heightPx }, (_, index) => {
    const pixel = Math.floor(index / 3);
    const [x, y] = [pixel % widthPx, Math.floor(pixel / widthPx)];
    return Math.floor(x / acrossPx) % 2 === Math.floor(y / downPx) % 2 ? 200 : 60;
  }),
});

/** Everything that `trainInFolder` needs, the same every time. */
export async function smallTraining(folder: string): Promise<TrainingFolderOptions> {
  const net = backbone();
  const targets = await Promise.all(
    [0.1, 0.9].map((level) => {
      const planes = Float32Array.from({ length: 3 * 1024 }, (_, index) =>
        index % 3 === 0 ? 0.5 : level,
      );
      const options = { ...SMALL_PLAN, backbone: net, open: openOnOneThread };
      return styleTarget({ widthPx: 32, heightPx: 32, planes }, options);
    }),
  );
  return {
    folder,
    plan: SMALL_PLAN,
    backbone: net,
    backboneId: 'small',
    open: openOnOneThread,
    photos: [stripes(60, 48, 7, 1000), stripes(48, 52, 1000, 9), stripes(50, 50, 12, 12)],
    targets,
    styles: ['dark', 'bright'].map((name) => ({ name, title: name, origin: 'a test' })),
    sample: { widthPx: 24, heightPx: 24, planes: new Float32Array(1728).fill(0.4) },
    sampleEverySteps: 20,
    checkpointEverySteps: 5,
    fresh: false,
    story: { description: 'A test.', licence: 'none', training: [] },
    now: () => 0,
  };
}
