import { ModelError } from '../domain/errors.ts';

/** @throws PORTICO_GRAPH_INVALID always, naming the node and the operator */
export function graphFault(node: string, operator: string, what: string): never {
  throw new ModelError('PORTICO_GRAPH_INVALID', {
    message: `node "${node}" (${operator}): ${what}`,
    remedy: 'Correct the shapes or attributes where this node is built, or use another model file.',
    context: { node, operator },
  });
}
