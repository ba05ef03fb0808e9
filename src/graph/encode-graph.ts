import onnxProto, { type onnx as Proto } from 'onnx-proto';
import { ELEMENT_TYPE_CODES } from './element-type-codes.ts';
import type { Attribute, Graph, GraphNode, GraphValue } from './graph.ts';
import type { Tensor } from './tensor.ts';

// The package is CommonJS: its namespace arrives as the default export.
const { AttributeProto, ModelProto } = onnxProto.onnx;
const { AttributeType } = AttributeProto;

/** ONNX intermediate representation 8 is the one of opset 18; old runtimes refuse newer ones. */
const IR_VERSION = 8;
const PRODUCER = 'portico';
const text = new TextEncoder();

/**
 * The bytes of an ONNX model. The same graph always gives the same bytes, so a digest in a
 * manifest holds on every machine (of little-endian byte order, as all supported ones are).
 */
export function encodeGraph(graph: Graph): Uint8Array {
  const model = ModelProto.create({
    irVersion: IR_VERSION,
    producerName: PRODUCER,
    opsetImport: [{ domain: '', version: graph.opset }],
    graph: {
      name: graph.name,
      node: graph.nodes.map(encodeNode),
      initializer: [...graph.initialisers].map(([name, tensor]) => encodeTensor(tensor, name)),
      input: graph.inputs.map(encodeValue),
      output: graph.outputs.map(encodeValue),
    },
  });
  return ModelProto.encode(model).finish();
}

function encodeNode(node: GraphNode): Proto.INodeProto {
  return {
    name: node.name,
    opType: node.operator,
    ...(node.domain === '' ? {} : { domain: node.domain }),
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: Object.entries(node.attributes).map(([name, attribute]) => ({
      name,
      ...encodeAttribute(attribute),
    })),
  };
}

function encodeAttribute(attribute: Attribute): Proto.IAttributeProto {
  switch (attribute.kind) {
    case 'int':
      return { type: AttributeType.INT, i: attribute.value };
    case 'float':
      return { type: AttributeType.FLOAT, f: attribute.value };
    case 'string':
      return { type: AttributeType.STRING, s: text.encode(attribute.value) };
    case 'ints':
      return { type: AttributeType.INTS, ints: [...attribute.value] };
    case 'floats':
      return { type: AttributeType.FLOATS, floats: [...attribute.value] };
    case 'strings':
      return {
        type: AttributeType.STRINGS,
        strings: attribute.value.map((value) => text.encode(value)),
      };
    case 'tensor':
      return { type: AttributeType.TENSOR, t: encodeTensor(attribute.value, '') };
  }
}

function encodeTensor({ elementType, shape, data }: Tensor, name: string): Proto.ITensorProto {
  return {
    name,
    dims: [...shape],
    dataType: ELEMENT_TYPE_CODES[elementType],
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

function encodeValue({ name, elementType, shape }: GraphValue): Proto.IValueInfoProto {
  const dim = shape.map((size) =>
    typeof size === 'number' ? { dimValue: size } : { dimParam: size },
  );
  const tensorType = { elemType: ELEMENT_TYPE_CODES[elementType], shape: { dim } };
  return { name, type: { tensorType } };
}
