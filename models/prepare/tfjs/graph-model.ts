import { z } from 'zod';
import type { Tensor } from '../../../src/graph/tensor.ts';
import { conversionFault } from '../conversion-fault.ts';
import { TfjsNode, tfjsNodeSchema } from './tfjs-node.ts';
import { decodeWeights, weightSpecSchema } from './weights.ts';

const graphModelSchema = z.object({
  format: z.literal('graph-model'),
  modelTopology: z.object({ node: z.array(tfjsNodeSchema).min(1) }),
  weightsManifest: z.array(
    z.object({ paths: z.array(z.string()), weights: z.array(weightSpecSchema) }),
  ),
});

/** A TensorFlow.js graph model: nodes by name, and the values of its Const nodes. */
export interface GraphModel {
  readonly nodes: ReadonlyMap<string, TfjsNode>;
  readonly weights: ReadonlyMap<string, Tensor>;
}

/**
 * Reads the JSON topology and the weights beside it.
 * @param json the model.json
 * @param bytes the weights files of its manifest, concatenated
 * @throws PORTICO_MODEL_CONVERT when either is not what TensorFlow.js writes
 */
export function readGraphModel(json: Uint8Array, bytes: Uint8Array, origin: string): GraphModel {
  const model = parseTopology(json, origin);
  const specs = model.weightsManifest.flatMap((group) => group.weights);
  const nodes = model.modelTopology.node.map((node) => new TfjsNode(node));
  return {
    nodes: new Map(nodes.map((node) => [node.name, node])),
    weights: decodeWeights(specs, bytes, origin),
  };
}

function parseTopology(json: Uint8Array, origin: string) {
  try {
    return graphModelSchema.parse(JSON.parse(new TextDecoder().decode(json)));
  } catch (cause) {
    return conversionFault(origin, 'is not a TensorFlow.js graph model', cause);
  }
}
