import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { RunnableGraph } from '../../../src/art/paint.ts';
import {
  initialParameters,
  type PainterDesign,
  parameterViews,
  STYLE_TABLE,
} from '../../../src/art/painter-design.ts';
import { type Trained, type TrainingState, trainPainter } from '../../../src/art/train-painter.ts';
import { readTraining, trainingKey, writeTraining } from '../../../src/art/training-checkpoint.ts';
import { TRAINING, trainingGraph } from '../../../src/art/training-graph.ts';
import { TRAINING_DEFAULTS, type TrainingPlan } from '../../../src/art/training-plan.ts';
import { withFurtherStyles } from '../../../src/art/training-start.ts';
import { gradientName } from '../../../src/gradient/differentiate.ts';
import type { Graph } from '../../../src/graph/graph.ts';
import { graphBuilder } from '../../../src/graph/graph-builder.ts';

const design: PainterDesign = { channels: [2, 3, 4], blocks: 1, styles: 2 };
const plan: TrainingPlan = {
  ...TRAINING_DEFAULTS,
  design,
  layers: { content: 'layer', style: { layer: 1 } },
  cropPx: 16,
  steps: 8,
  firstTrainedStyle: 0,
};

function backbone(): Graph {
  const g = graphBuilder('backbone');
  const x = g.input('input', [1, 3, 8, 8]);
  const weights = g.constant([2, 3, 1, 1], new Float32Array(6).fill(0.5));
  g.output('layer', g.relu(g.conv(x, { weights })));
  return g.build();
}

const photo = { widthPx: 40, heightPx: 30, rgb: new Uint8Array(3600).fill(90) };
const target = new Map([['layer', new Float32Array(4).fill(0.2)]]);

/** An engine in which every trained parameter is pulled towards one, and styles cost their number. */
const open = async (graph: Graph): Promise<RunnableGraph> => ({
  run: async (feeds) => {
    const results = new Map<string, Float32Array>();
    for (const { name } of graph.outputs) {
      const values = feeds[name.slice(gradientName('').length)];
      const style = feeds[TRAINING.styleWeights]?.indexOf(1) ?? -1;
      results.set(name, values?.map((value) => value - 1) ?? Float32Array.of(style));
    }
    return results;
  },
  close: async () => undefined,
});

const train = (more: Partial<Parameters<typeof trainPainter>[0]> = {}): Promise<Trained> => {
  const options = { plan, backbone: backbone(), open, photos: [photo], targets: [target, target] };
  return trainPainter({ ...options, now: () => 0, ...more });
};

describe('trainPainter', () => {
  it('takes the styles in turn until the steps are done', async () => {
    const styles: number[] = [];
    const { outcome, state } = await train({ onStep: ({ cost }) => void styles.push(cost) });
    assert.deepEqual(styles, [0, 1, 0, 1, 0, 1, 0, 1]);
    assert.equal(outcome, 'finished');
    assert.equal(state.step, 8);
  });

  it('goes on from a state to what it would have become without the stop', async () => {
    const whole = await train();
    const stop = new AbortController();
    const first = await train({
      signal: stop.signal,
      onStep: ({ step }) => {
        if (step === 3) stop.abort();
      },
    });
    assert.equal(first.outcome, 'stopped');
    const rest = await train({ resumeFrom: first.state });
    assert.deepEqual(rest.state, whole.state);
    assert.notDeepEqual(first.state.parameters, whole.state.parameters);
  });

  it('ends when the time is used, though steps are left', async () => {
    let nowMs = 0;
    const { outcome, state } = await train({
      plan: { ...plan, steps: 1000, limitMs: 50 },
      now: () => (nowMs += 4),
    });
    assert.equal(outcome, 'finished');
    assert.ok(state.step > 2 && state.step < 20, String(state.step));
  });

  it('leaves all but the table of styles alone when styles are added', async () => {
    const parameters = initialParameters(design, 3);
    const { state } = await train({
      plan: { ...plan, firstTrainedStyle: 1 },
      startFrom: parameters,
    });
    const [before, after] = [parameters, state.parameters].map((all) =>
      parameterViews(design, all),
    );
    for (const [name, values] of before ?? []) {
      const now = after?.get(name);
      if (name === STYLE_TABLE) assert.notDeepEqual(now, values);
      else assert.deepEqual(now, values, name);
    }
  });
});

describe('trainingGraph', () => {
  it('derives the cost by every trained parameter, and by no other', () => {
    const graph = trainingGraph({ ...plan, backbone: backbone(), trained: ['in', STYLE_TABLE] });
    const shapes = new Map(graph.outputs.map(({ name, shape }) => [name, shape]));
    assert.deepEqual(shapes.get(gradientName('in')), [2, 3, 5, 5]);
    assert.deepEqual(shapes.get(gradientName(STYLE_TABLE))?.[0], 2);
    assert.ok(!shapes.has(gradientName('out')));
  });
});

describe('withFurtherStyles', () => {
  it('keeps what is there and begins new rows between the old ones', () => {
    const parameters = initialParameters(design, 3);
    const table = parameterViews(design, parameters).get(STYLE_TABLE) ?? new Float32Array();
    const length = table.length / 2;
    table.fill(2, 0, length).fill(4, length);
    const styles = ['a', 'b'].map((name) => ({ name, title: name, origin: 'a test' }));
    const wider = { ...design, styles: 3 };
    const views = parameterViews(wider, withFurtherStyles({ design, styles, parameters }, wider));
    assert.deepEqual(views.get('in'), parameterViews(design, parameters).get('in'));
    const rows = views.get(STYLE_TABLE) ?? new Float32Array();
    assert.deepEqual(rows.subarray(0, 2 * length), table);
    assert.ok(rows.subarray(2 * length).every((value) => value === 3));
  });
});

describe('the checkpoint of a training', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portico-training-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const state = (): TrainingState => ({
    step: 7,
    elapsedMs: 1234,
    parameters: Float32Array.of(1, 2, 3),
    adam: { steps: 7, mean: Float32Array.of(4, 5, 6), square: Float32Array.of(7, 8, 9) },
  });

  it('comes back as it was, for the same styles and settings alone', async () => {
    const file = join(folder, 'training.state');
    const key = trainingKey(plan, [target]);
    await writeTraining(file, key, { state: state(), curve: [] });
    assert.deepEqual(await readTraining(file, key), {
      kind: 'found',
      checkpoint: { state: state(), curve: [] },
    });
    const louder = trainingKey({ ...plan, seed: 2 }, [target]);
    assert.deepEqual(await readTraining(file, louder), { kind: 'other' });
    assert.equal(trainingKey({ ...plan, steps: 9 }, [target]), key, 'a budget may be raised');
  });

  it('is refused when it is cut off', async () => {
    const file = join(folder, 'training.state');
    await writeTraining(file, 'key', { state: state(), curve: [] });
    await writeFile(file, (await readFile(file)).subarray(0, -1));
    assert.deepEqual(await readTraining(file, 'key'), { kind: 'damaged' });
    assert.deepEqual(await readTraining(join(folder, 'none'), 'key'), { kind: 'none' });
  });
});
