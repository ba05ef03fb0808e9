import { type Graph, type GraphNode, intAttribute, intsAttribute } from '../graph/graph.ts';
import { graphFault } from '../graph/graph-fault.ts';

/** How many of the first poolings become means. */
const MEANS = 2;

/**
 * A backbone whose first layers do not alias: the first convolution at stride 1, with a mean over
 * 2 x 2 after its rectifier, and means in place of the first maxima. Descending to the pixels
 * through the original leaves a grid of two pixels, because its stride-2 stem sees every other
 * pixel more often.
 * @throws PORTICO_GRAPH_INVALID when the backbone does not begin with Conv and Relu
 */
export function smoothStem(backbone: Graph): Graph {
  const first = backbone.nodes.findIndex(({ operator }) => operator === 'Conv');
  const conv = backbone.nodes[first];
  const relu = backbone.nodes.find(
    ({ operator, inputs }) => operator === 'Relu' && inputs[0] === conv?.outputs[0],
  );
  if (conv === undefined || relu === undefined) {
    return graphFault(backbone.name, 'Conv', 'the backbone has no first convolution and rectifier');
  }
  let means = 0;
  const nodes = backbone.nodes.flatMap((node): readonly GraphNode[] => {
    if (node === conv) {
      return [{ ...node, attributes: { ...node.attributes, strides: intsAttribute([1, 1]) } }];
    }
    if (node === relu) return halved(relu);
    if (node.operator === 'MaxPool' && means < MEANS) {
      means += 1;
      const attributes = { ...node.attributes, count_include_pad: intAttribute(0) };
      return [{ ...node, operator: 'AveragePool', attributes }];
    }
    return [node];
  });
  return { ...backbone, nodes };
}

/** The rectifier, and a mean over 2 x 2 under its name. */
function halved(relu: GraphNode): readonly GraphNode[] {
  const [output = relu.name] = relu.outputs;
  const full = `${output}:full`;
  return [
    { ...relu, name: full, outputs: [full] },
    {
      name: output,
      operator: 'AveragePool',
      domain: '',
      inputs: [full],
      outputs: [output],
      attributes: { kernel_shape: intsAttribute([2, 2]), strides: intsAttribute([2, 2]) },
    },
  ];
}
