import { foldIntegers } from './fold-integers.ts';
import type { Graph, GraphNode } from './graph.ts';
import type { GraphCore, Value } from './graph-core.ts';
import { graphFault } from './graph-fault.ts';
import { toCurrentForm } from './to-current-form.ts';

export interface EmbedOptions {
  /**
   * Values that stand for inputs or initialisers of the embedded graph. A shape may differ from
   * the declared one (a picture of another size): every rule is applied anew.
   */
  readonly bindings?: ReadonlyMap<string, Value>;
  /** Begins the names of all that is taken in; needed when a graph is embedded twice. */
  readonly prefix?: string;
  /** Only what these values need is taken in; absent: what the graph's outputs need. */
  readonly upTo?: readonly string[];
}

/** The value that a name of the embedded graph has become. */
export type Embedded = (name: string) => Value;

/**
 * Repeats a graph inside another one: its initialisers become constants, its nodes are checked as
 * they are added, and nodes of older operator sets take the form of the current one. Inputs that
 * nothing is bound to become inputs.
 * @throws PORTICO_GRAPH_INVALID naming the node whose shapes do not fit, or the missing value
 */
export function embedGraph(
  core: GraphCore,
  graph: Graph,
  { bindings = new Map(), prefix = '', upTo }: EmbedOptions = {},
): Embedded {
  const values = new Map<string, Value>(bindings);
  const find = (name: string) =>
    values.get(name) ?? graphFault(name, 'Value', `is not in the graph "${graph.name}"`);
  const wanted = upTo ?? graph.outputs.map(({ name }) => name);
  const { nodes, needed } = neededNodes(graph, wanted, new Set(bindings.keys()));
  for (const { name, shape, elementType } of graph.inputs) {
    if (values.has(name) || !needed.has(name)) continue;
    const sizes = shape.map((size) =>
      typeof size === 'number' ? size : graphFault(name, 'Input', `its size "${size}" is open`),
    );
    values.set(name, core.input(`${prefix}${name}`, sizes, elementType));
  }
  for (const [name, tensor] of graph.initialisers) {
    if (values.has(name) || !needed.has(name)) continue;
    values.set(name, core.store(`${prefix}${name}`, tensor));
  }
  const scope = { opset: graph.opset, values, find, prefix };
  for (const node of nodes) embedNode(core, node, scope);
  return find;
}

interface Scope {
  readonly opset: number;
  readonly values: Map<string, Value>;
  readonly find: Embedded;
  readonly prefix: string;
}

function embedNode(core: GraphCore, original: GraphNode, scope: Scope): void {
  const { values, find, prefix, opset } = scope;
  if (original.domain !== '') {
    graphFault(original.name, original.operator, `is of the domain ${original.domain}`);
  }
  const inputs = original.inputs.map((name) => (name === '' ? undefined : find(name)));
  const { constants, ...node } = toCurrentForm(original, opset, inputs[0]?.shape.length ?? 0);
  for (const [index, tensor] of constants ?? []) {
    while (inputs.length <= index) inputs.push(undefined);
    inputs[index] = core.stored(tensor);
  }
  const [first = node.name] = node.outputs;
  const name = `${prefix}${first}`;
  const folded = foldIntegers(node, inputs);
  if (folded !== undefined) {
    values.set(first, core.store(name, folded));
    return;
  }
  const results = core.apply(node.operator, inputs, {
    attributes: node.attributes,
    outputs: node.outputs.length,
    name,
  });
  node.outputs.forEach((output, index) => {
    const value = results[index];
    if (output !== '' && value !== undefined) values.set(output, value);
  });
}

/** The nodes that the wanted values need, in order; what is bound is not looked behind. */
function neededNodes(graph: Graph, wanted: readonly string[], bound: ReadonlySet<string>) {
  const needed = new Set(wanted);
  const nodes = graph.nodes.toReversed().filter((node) => {
    if (!node.outputs.some((output) => needed.has(output) && !bound.has(output))) return false;
    for (const input of node.inputs) needed.add(input);
    return true;
  });
  return { nodes: nodes.toReversed(), needed };
}
