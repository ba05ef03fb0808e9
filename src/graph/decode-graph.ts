import onnxProto, { type onnx as Proto } from 'onnx-proto';
import { ModelError, PorticoError } from '../domain/errors.ts';
import { elementTypeOfCode } from './element-type-codes.ts';
import type { Attribute, Dimension, Graph, GraphNode, GraphValue } from './graph.ts';
import { type ElementType, elementCount, type Tensor, type TensorData } from './tensor.ts';

// The package is CommonJS: its namespace arrives as the default export.
const { AttributeProto, ModelProto } = onnxProto.onnx;
const { AttributeType } = AttributeProto;

type Integer = Proto.TensorProto['dims'][number];
const text = new TextDecoder();

/**
 * Reads an ONNX model as plain data. Subgraphs (If, Loop), external data and strings are not
 * supported: no model here has them.
 * @param origin what to call the file in a message
 * @throws PORTICO_GRAPH_INVALID when the bytes are not such a model
 */
export function decodeGraph(bytes: Uint8Array, origin = 'the model'): Graph {
  try {
    return readModel(ModelProto.decode(bytes), origin);
  } catch (cause) {
    if (cause instanceof PorticoError) throw cause;
    // Whatever else the reader stumbles over: the bytes are no model, or only part of one.
    return refuse(origin, 'is not an ONNX file, or a damaged one', cause);
  }
}

function readModel(model: Proto.ModelProto, origin: string): Graph {
  const main = model.opsetImport.find((entry) => (entry.domain ?? '') === '');
  const body = model.graph ?? refuse(origin, 'holds no graph');
  const initialisers = new Map(
    (body.initializer ?? []).map((proto) => [proto.name ?? '', decodeTensor(proto, origin)]),
  );
  return {
    name: body.name ?? '',
    opset: integer(main?.version ?? 1),
    // Old files also list the weights among the inputs.
    inputs: (body.input ?? [])
      .filter((value) => !initialisers.has(value.name ?? ''))
      .map((value) => decodeValue(value, origin)),
    outputs: (body.output ?? []).map((value) => decodeValue(value, origin)),
    nodes: (body.node ?? []).map((node) => decodeNode(node, origin)),
    initialisers,
  };
}

function refuse(origin: string, what: string, cause?: unknown): never {
  throw new ModelError('PORTICO_GRAPH_INVALID', {
    message: `${origin} ${what}`,
    remedy: 'Fetch the file again, or name another model in the manifest.',
    cause,
  });
}

const integer = (value: Integer): number => (typeof value === 'number' ? value : value.toNumber());

function elementType(code: number | null | undefined, name: string, origin: string): ElementType {
  return (
    elementTypeOfCode(code ?? 0) ??
    refuse(origin, `uses element type number ${code ?? 0} for "${name}", which is not supported`)
  );
}

function decodeValue(value: Proto.IValueInfoProto, origin: string): GraphValue {
  const name = value.name ?? '';
  const type = value.type?.tensorType ?? refuse(origin, `says nothing of the type of "${name}"`);
  const shape = (type.shape?.dim ?? []).map((dim): Dimension => {
    if (dim.dimParam !== null && dim.dimParam !== undefined && dim.dimParam !== '') {
      return dim.dimParam;
    }
    return dim.dimValue === null || dim.dimValue === undefined ? '' : integer(dim.dimValue);
  });
  return { name, elementType: elementType(type.elemType, name, origin), shape };
}

function decodeNode(node: Proto.INodeProto, origin: string): GraphNode {
  const outputs = node.output ?? [];
  const attributes = (node.attribute ?? []).map((attribute) => [
    attribute.name ?? '',
    decodeAttribute(attribute, node.opType ?? '', origin),
  ]);
  return {
    // Names are optional in ONNX; the first output is unique and serves as well.
    name:
      node.name !== undefined && node.name !== null && node.name !== ''
        ? node.name
        : (outputs[0] ?? ''),
    operator: node.opType ?? '',
    domain: node.domain ?? '',
    inputs: node.input ?? [],
    outputs,
    attributes: Object.fromEntries(attributes),
  };
}

type AttributeReader = (attribute: Proto.IAttributeProto, origin: string) => Attribute;

const ATTRIBUTE_READERS: ReadonlyMap<number, AttributeReader> = new Map<number, AttributeReader>([
  [AttributeType.INT, ({ i }) => ({ kind: 'int', value: integer(i ?? 0) })],
  [AttributeType.FLOAT, ({ f }) => ({ kind: 'float', value: f ?? 0 })],
  [AttributeType.STRING, ({ s }) => ({ kind: 'string', value: text.decode(s ?? undefined) })],
  [AttributeType.INTS, ({ ints }) => ({ kind: 'ints', value: (ints ?? []).map(integer) })],
  [AttributeType.FLOATS, ({ floats }) => ({ kind: 'floats', value: floats ?? [] })],
  [
    AttributeType.STRINGS,
    ({ strings }) => ({ kind: 'strings', value: (strings ?? []).map((s) => text.decode(s)) }),
  ],
  [
    AttributeType.TENSOR,
    ({ t }, origin) => ({ kind: 'tensor', value: decodeTensor(t ?? {}, origin) }),
  ],
]);

function decodeAttribute(
  attribute: Proto.IAttributeProto,
  operator: string,
  origin: string,
): Attribute {
  const read = ATTRIBUTE_READERS.get(attribute.type ?? AttributeType.UNDEFINED);
  return read === undefined
    ? refuse(origin, `has an attribute "${attribute.name}" of ${operator} that is not supported`)
    : read(attribute, origin);
}

function decodeTensor(proto: Proto.ITensorProto, origin: string): Tensor {
  const name = proto.name ?? '';
  const shape = (proto.dims ?? []).map(integer);
  const type = elementType(proto.dataType, name, origin);
  const raw = proto.rawData;
  const data =
    raw !== null && raw !== undefined && raw.byteLength > 0
      ? fromRaw(type, raw)
      : fromFields(type, proto);
  if (data.length !== elementCount(shape)) {
    refuse(origin, `holds ${data.length} values for "${name}" [${shape.join(',')}]`);
  }
  return { elementType: type, shape, data };
}

/** A copy, so that the values are aligned and the file's bytes can be let go. */
function fromRaw(type: ElementType, raw: Uint8Array): TensorData {
  const { buffer } = Uint8Array.from(raw);
  switch (type) {
    case 'float32':
      return new Float32Array(buffer);
    case 'float64':
      return new Float64Array(buffer);
    case 'int64':
      return new BigInt64Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'int16':
      return new Int16Array(buffer);
    case 'uint16':
    case 'float16':
      return new Uint16Array(buffer);
    case 'int8':
      return new Int8Array(buffer);
    case 'uint8':
    case 'bool':
      return new Uint8Array(buffer);
  }
}

/** The older way of storing values, one protobuf field per kind of number. */
function fromFields(type: ElementType, proto: Proto.ITensorProto): TensorData {
  const integers = proto.int32Data ?? [];
  switch (type) {
    case 'float32':
      return Float32Array.from(proto.floatData ?? []);
    case 'float64':
      return Float64Array.from(proto.doubleData ?? []);
    case 'int64':
      return BigInt64Array.from((proto.int64Data ?? []).map((value) => BigInt(integer(value))));
    case 'int32':
      return Int32Array.from(integers);
    case 'int16':
      return Int16Array.from(integers);
    case 'uint16':
    case 'float16':
      return Uint16Array.from(integers);
    case 'int8':
      return Int8Array.from(integers);
    case 'uint8':
    case 'bool':
      return Uint8Array.from(integers);
  }
}
