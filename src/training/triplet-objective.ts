import { tripletCost } from '../gradient/costs/triplet-cost.ts';
import type { Graph } from '../graph/graph.ts';
import { tarOf } from './measure-vectors.ts';
import { type Objective, selection } from './objective.ts';
import { publishCost, siameseGraph } from './siamese-graphs.ts';
import type { Tower } from './tower.ts';
import { type Mining, mineTriplets } from './triplet-mining.ts';

export interface TripletSettings {
  readonly mining: Mining;
  /** In squared distance of unit vectors. */
  readonly margin: number;
  /** Weight of the sum of squares of all parameters in the cost. */
  readonly decay: number;
}

const ANCHORS = 'anchors';
const POSITIVES = 'positives';
const NEGATIVES = 'negatives';

/**
 * Every anchor nearer to its positive than to its negative, by a margin.
 * Source: Schroff et al. 2015, eq. 2
 */
export function tripletObjective(tower: Tower, settings: TripletSettings): Objective {
  return {
    parameters: tower.parameters,
    costGraph: (rows) => tripletGraph(tower, settings, rows),
    async choose({ people, vectors }, random) {
      const { margin, mining } = settings;
      const batch = { people, rows: await vectors(), margin };
      const triplets = mineTriplets(batch, mining, random);
      const { length } = people;
      return {
        [ANCHORS]: selection(triplets, length, ({ anchor }) => anchor),
        [POSITIVES]: selection(triplets, length, ({ positive }) => positive),
        [NEGATIVES]: selection(triplets, length, ({ negative }) => negative),
      };
    },
    tar: (samples, vectors) => tarOf(samples, vectors),
  };
}

/** Which rows stand as anchor, positive and negative is told by three matrices of ones and zeros. */
function tripletGraph(tower: Tower, { margin, decay }: TripletSettings, rows: number): Graph {
  const { g, weights, chosen } = siameseGraph('triplets', tower, tower.parameters, rows);
  const cost = tripletCost(g, {
    anchor: chosen(ANCHORS),
    positive: chosen(POSITIVES),
    negative: chosen(NEGATIVES),
    margin,
  });
  publishCost(g, cost, { parameters: tower.parameters, weights, decay });
  return g.build();
}
