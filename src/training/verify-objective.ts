import { type ComparisonHead, compareByHead } from '../evaluation/comparators/comparison-head.ts';
import type { FeatureName } from '../evaluation/comparators/pair-features.ts';
import type { Graph } from '../graph/graph.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Value } from '../graph/graph-core.ts';
import type { RandomSource } from '../numeric/random.ts';
import { tarOf } from './measure-vectors.ts';
import { type Objective, type SeenBatch, selection } from './objective.ts';
import { publishCost, siameseGraph } from './siamese-graphs.ts';
import type { Parameter, Tower } from './tower.ts';

export interface VerifySettings {
  readonly features: FeatureName;
  readonly decay: number;
  /** Whether the towers are trained as well; else the logistic unit alone. */
  readonly trainsTower: boolean;
}

const LEFT = 'left';
const RIGHT = 'right';
const LABELS = 'labels';
const UNIT_WEIGHTS = 'unit-weights';
const UNIT_BIAS = 'unit-bias';
/** Keeps the division of the chi-square features defined where both components are zero. */
const LEAST_SUM = 1e-6;
/** What the unit begins with: each difference counts against, about as much as the cosine would have it. */
const FIRST_WEIGHT = -1;

/**
 * Two equal towers, and a logistic unit on what tells their vectors apart: are these pictures of one person?
 * Source: Taigman et al. 2014, section 4 (the unit on |f_i - f_j|, and chi-square)
 */
export function verifyObjective(
  tower: Tower,
  dimension: number,
  settings: VerifySettings,
): Objective {
  const unit: readonly Parameter[] = [
    {
      name: UNIT_WEIGHTS,
      shape: [dimension, 1],
      initial: new Float32Array(dimension).fill(FIRST_WEIGHT),
    },
    { name: UNIT_BIAS, shape: [1], initial: Float32Array.of(1) },
  ];
  return {
    parameters: [...tower.parameters, ...unit],
    costGraph: (rows) => verifyGraph(tower, unit, settings, rows),
    choose: (batch, random) => Promise.resolve(choosePairs(batch, random)),
    tar: (samples, vectors, store) =>
      tarOf(samples, vectors, compareByHead(verifyHead(settings.features, store.frozen()))),
  };
}

/** The mean logistic cost of as many pairs as there are rows. */
function verifyGraph(
  tower: Tower,
  unit: readonly Parameter[],
  { features, decay, trainsTower }: VerifySettings,
  rows: number,
): Graph {
  const all = [...tower.parameters, ...unit];
  const { g, weights, chosen } = siameseGraph('pairs', tower, all, rows);
  const logits = g.add(
    g.matMul(featuresOf(g, features, chosen(LEFT), chosen(RIGHT)), weights(UNIT_WEIGHTS)),
    weights(UNIT_BIAS),
  );
  const labels = g.input(LABELS, [rows, 1]);
  // -log P(label) = log(1 + exp(z)) - label * z
  const costs = g.sub(g.softplus(logits), g.mul(labels, logits));
  const cost = g.reduceMean(costs, { axes: [0, 1] });
  publishCost(g, cost, { parameters: trainsTower ? all : unit, weights, decay });
  return g.build();
}

/** The same as `PAIR_FEATURES`, differentiable. */
function featuresOf(g: GraphBuilder, features: FeatureName, left: Value, right: Value): Value {
  const difference = g.sub(left, right);
  if (features === 'absolute-difference') return g.abs(difference);
  const sum = g.add(g.add(g.abs(left), g.abs(right)), LEAST_SUM);
  return g.div(g.mul(difference, difference), sum);
}

/** Each row once with another picture of its person or, as often, with somebody else. */
function choosePairs({ people }: SeenBatch, random: RandomSource): Record<string, Float32Array> {
  const pairs = people.map((person, left) => {
    const wantsMated = left % 2 === 0;
    const others = people.flatMap((other, index) =>
      index !== left && (other === person) === wantsMated ? [index] : [],
    );
    return { left, right: others[Math.floor(random() * others.length)] ?? left };
  });
  return {
    [LEFT]: selection(pairs, people.length, ({ left }) => left),
    [RIGHT]: selection(pairs, people.length, ({ right }) => right),
    [LABELS]: Float32Array.from(pairs, ({ left, right }) =>
      people[left] === people[right] ? 1 : 0,
    ),
  };
}

/** The trained unit as a comparator's head. */
export function verifyHead(
  features: FeatureName,
  parameters: readonly Parameter[],
): ComparisonHead {
  const valuesOf = (name: string): Float32Array =>
    parameters.find((parameter) => parameter.name === name)?.initial ?? new Float32Array();
  return {
    features,
    intercept: valuesOf(UNIT_BIAS)[0] ?? Number.NaN,
    weights: Float64Array.from(valuesOf(UNIT_WEIGHTS)),
  };
}
