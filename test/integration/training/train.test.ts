import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkAlongGradient } from '../../../src/gradient/check/check-along-gradient.ts';
import { loadEngine } from '../../../src/inference/engine.ts';
import { GraphSession } from '../../../src/inference/graph-session.ts';
import { normalDraw, seededRandom } from '../../../src/numeric/random.ts';
import { partPeople } from '../../../src/training/batches.ts';
import type { OpenGraph } from '../../../src/training/descent.ts';
import type { Objective } from '../../../src/training/objective.ts';
import { projectionHead } from '../../../src/training/projection-head.ts';
import { smallEncoder } from '../../../src/training/small-encoder.ts';
import type { Sample } from '../../../src/training/tower.ts';
import { type TrainSettings, train } from '../../../src/training/train.ts';
import { MINING } from '../../../src/training/triplet-mining.ts';
import { tripletObjective } from '../../../src/training/triplet-objective.ts';
import { verifyObjective } from '../../../src/training/verify-objective.ts';

const engine = loadEngine();
const open: OpenGraph = (graph) => GraphSession.open(engine, graph, { threads: 1 });
const DIMENSION = 16;

/**
 * Made-up embeddings in which who somebody is stands in four components, and the light of the day,
 * three times as strong, in all others: an encoder that a head can improve.
 */
function madeUpPeople(people: number, picturesEach: number, seed: number): readonly Sample[] {
  const random = seededRandom(seed);
  return Array.from({ length: people }, (_, person) => {
    const centre = Array.from({ length: DIMENSION }, (_, k) => (k < 4 ? normalDraw(random) : 0));
    return Array.from({ length: picturesEach }, () => {
      const values = centre.map((value, k) => value + (k < 4 ? 0.1 : 1) * normalDraw(random));
      const norm = Math.hypot(...values);
      return {
        person: `p${person}`,
        values: Float32Array.from(values, (value) => value / norm),
      };
    });
  }).flat();
}

const SETTINGS: TrainSettings = {
  optimiser: 'adam',
  learningRate: 0.01,
  batch: { people: 8, picturesEach: 4 },
  steps: 160,
  checkEverySteps: 20,
  patience: 20,
  seed: 1,
};

async function improvement(objective: Objective, settings = SETTINGS) {
  const [training, validation] = partPeople(madeUpPeople(40, 6, 1), 0.4, seededRandom(1));
  const tower = projectionHead(DIMENSION);
  const trained = await train({ tower, objective, training, validation, settings, open });
  return { before: trained.curve[0]?.validationTar ?? 0, trained };
}

describe('training on people that are not those it is judged by', () => {
  for (const mining of MINING) {
    it(`makes a head tell people apart better: triplets, ${mining}`, async () => {
      const tower = projectionHead(DIMENSION);
      const objective = tripletObjective(tower, { mining, margin: 0.2, decay: 0 });
      const { before, trained } = await improvement(objective);
      const { validationTar } = trained.best;
      assert.ok(validationTar > before + 0.2, `from ${before} to ${validationTar}`);
    });
  }

  for (const features of ['absolute-difference', 'chi-square'] as const) {
    it(`makes a logistic unit better than equal weights: ${features}`, async () => {
      const tower = projectionHead(DIMENSION);
      const given = { features, decay: 0, trainsTower: false };
      const { before, trained } = await improvement(verifyObjective(tower, DIMENSION, given), {
        ...SETTINGS,
        learningRate: 0.1,
      });
      assert.ok(trained.best.validationTar > before + 0.1, `from ${before}`);
      const [projection] = trained.parameters;
      assert.ok(
        projection?.initial.every((value) => value === 0) === true,
        'the towers were to stay as they are',
      );
    });
  }

  it('gives the same parameters for the same seed', async () => {
    const tower = projectionHead(DIMENSION);
    const objective = tripletObjective(tower, { mining: 'semi-hard', margin: 0.2, decay: 0 });
    const short = { ...SETTINGS, steps: 20 };
    const first = await improvement(objective, short);
    const second = await improvement(objective, short);
    assert.deepEqual(first.trained.parameters, second.trained.parameters);
  });

  it('keeps the encoder where nothing is better, and stops when patience ends', async () => {
    const tower = projectionHead(DIMENSION);
    const objective = tripletObjective(tower, { mining: 'random', margin: 0.2, decay: 0 });
    const { trained } = await improvement(objective, {
      ...SETTINGS,
      learningRate: 0,
      patience: 2,
    });
    assert.equal(trained.outcome, 'out-of-patience');
    assert.equal(trained.best.step, 0);
    assert.equal(
      trained.parameters[0]?.initial.every((value) => value === 0),
      true,
    );
  });

  it('refuses people with one picture each, and says why', async () => {
    const tower = projectionHead(DIMENSION);
    const training = madeUpPeople(5, 1, 1);
    await assert.rejects(
      train({
        tower,
        objective: tripletObjective(tower, { mining: 'random', margin: 0.2, decay: 0 }),
        training,
        validation: training,
        settings: SETTINGS,
        open,
      }),
      { code: 'PORTICO_EVALUATION_DATA', message: /nobody of 5 people has two pictures/ },
    );
  });
});

describe('derivatives of the objectives', () => {
  const random = seededRandom(7);
  const people = ['ann', 'ann', 'bob', 'bob', 'cyd', 'cyd'];
  const drawn = (length: number, spread: number): Float32Array =>
    Float32Array.from({ length }, () => spread * normalDraw(random));

  async function errorOf(objective: Objective, sampleSize: number, variable: string) {
    const graph = await open(objective.costGraph(people.length));
    const vectors = people.map(() => {
      const row = drawn(8, 1);
      const norm = Math.hypot(...row);
      return row.map((value) => value / norm);
    });
    const weights = objective.parameters.map(({ name, initial }) => [
      name,
      initial.map((value) => value + 0.1 * normalDraw(random)),
    ]);
    const feeds: Record<string, Float32Array> = {
      samples: drawn(people.length * sampleSize, 1),
      ...(await objective.choose({ people, vectors: () => Promise.resolve(vectors) }, random)),
      ...Object.fromEntries(weights),
    };
    const { error } = await checkAlongGradient((given) => graph.run(given), feeds, variable);
    await graph.close();
    return error;
  }

  it('agree with central differences: triplets', async () => {
    const head = projectionHead(DIMENSION);
    const triplets = { mining: 'random', margin: 2, decay: 0 } as const;
    assert.ok((await errorOf(tripletObjective(head, triplets), DIMENSION, 'projection')) < 1e-3);
    const encoder = smallEncoder();
    const size = 3 * 48 * 48;
    for (const variable of ['conv0', 'scale2', 'out']) {
      assert.ok((await errorOf(tripletObjective(encoder, triplets), size, variable)) < 0.01);
    }
  });

  it('agree with central differences: the logistic unit on both kinds of features', async () => {
    const head = projectionHead(DIMENSION);
    for (const features of ['absolute-difference', 'chi-square'] as const) {
      const given = { features, decay: 0, trainsTower: true };
      for (const variable of ['projection', 'unit-weights', 'unit-bias']) {
        const objective = verifyObjective(head, DIMENSION, given);
        assert.ok(
          (await errorOf(objective, DIMENSION, variable)) < 1e-3,
          `${features} ${variable}`,
        );
      }
    }
  });
});
