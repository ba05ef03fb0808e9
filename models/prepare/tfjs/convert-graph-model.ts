import type { Graph } from '../../../src/graph/graph.ts';
import { graphBuilder } from '../../../src/graph/graph-builder.ts';
import type { Value } from '../../../src/graph/graph-core.ts';
import { conversionFault } from '../conversion-fault.ts';
import { Conversion, type OperatorConverter } from './conversion.ts';
import {
  convertBinary,
  convertLimit,
  convertPrelu,
  convertSoftmax,
  convertUnary,
} from './elementwise-operators.ts';
import type { GraphModel } from './graph-model.ts';
import { asPlain, channelsFirst, type Laid, tensorflowShape } from './layout.ts';
import {
  convertConcat,
  convertMatMul,
  convertMean,
  convertPad,
  convertReshape,
  convertSqueeze,
} from './shape-operators.ts';
import type { TfjsNode } from './tfjs-node.ts';
import {
  convertAveragePool,
  convertConv,
  convertDepthwiseConv,
  convertMaxPool,
} from './window-operators.ts';

const OPERATORS: Readonly<Record<string, OperatorConverter>> = {
  Conv2D: convertConv,
  _FusedConv2D: convertConv,
  DepthwiseConv2dNative: convertDepthwiseConv,
  FusedDepthwiseConv2dNative: convertDepthwiseConv,
  MaxPool: convertMaxPool,
  AvgPool: convertAveragePool,
  Add: convertBinary('add'),
  AddV2: convertBinary('add'),
  BiasAdd: convertBinary('add'),
  Sub: convertBinary('sub'),
  Mul: convertBinary('mul'),
  RealDiv: convertBinary('div'),
  Minimum: convertLimit('min'),
  Maximum: convertLimit('max'),
  Relu: convertUnary((x, { g }) => g.relu(x)),
  Relu6: convertUnary((x, { g }) => g.clip(x, 0, 6)),
  LeakyRelu: convertUnary((x, { g }, node) => g.leakyRelu(x, node.float('alpha', 0.2))),
  Sigmoid: convertUnary((x, { g }) => g.sigmoid(x)),
  Tanh: convertUnary((x, { g }) => g.tanh(x)),
  Abs: convertUnary((x, { g }) => g.abs(x)),
  Identity: convertUnary((x) => x),
  Prelu: convertPrelu,
  Softmax: convertSoftmax,
  Reshape: convertReshape,
  Squeeze: convertSqueeze,
  ConcatV2: convertConcat,
  Pad: convertPad,
  Mean: convertMean,
  MatMul: convertMatMul,
  _FusedMatMul: convertMatMul,
};

/** ONNX output name → the TensorFlow nodes whose values it holds, joined along axis 1. */
export type OutputNames = Readonly<Record<string, readonly string[]>>;

/**
 * Rewrites a TensorFlow.js graph as an ONNX graph that takes `input` as (1, C, H, W).
 * @throws PORTICO_MODEL_CONVERT naming the node and operator that is not supported
 */
export function convertGraphModel(model: GraphModel, name: string, outputs: OutputNames): Graph {
  const g = graphBuilder(name);
  const done = new Map<string, Laid>();
  const resolve = (wanted: string): Laid => {
    const known = done.get(wanted);
    if (known !== undefined) return known;
    const node = model.nodes.get(wanted);
    if (node === undefined) return conversionFault(name, `has no node "${wanted}"`);
    const laid = node.op === 'Placeholder' ? input(node) : operator(node)(node, conversion);
    done.set(wanted, laid);
    return laid;
  };
  const input = (node: TfjsNode): Laid => {
    const [, height, width, channels] = node.shape();
    if (height === undefined || width === undefined || channels === undefined) {
      return node.fail('is not an image');
    }
    return channelsFirst(g.input('input', [1, channels, height, width]));
  };
  const conversion = new Conversion(g, model, resolve);
  for (const [outputName, sources] of Object.entries(outputs)) {
    const parts = sources.map((source) => published(resolve(source)));
    g.output(
      outputName,
      parts.length === 1 && parts[0] !== undefined ? parts[0] : g.concat(parts, 1),
    );
  }
  return g.build();

  /** An output as TensorFlow has it; a 1 x 1 image is published as (N, C). */
  function published(laid: Laid): Value {
    const [batch = 1, height, width, channels = 1] = tensorflowShape(laid);
    const isPoint = laid.layout === 'channels-first' && height === 1 && width === 1;
    return isPoint ? g.reshape(laid.value, [batch, channels]) : asPlain(g, laid);
  }
}

const operator = (node: TfjsNode): OperatorConverter =>
  OPERATORS[node.op] ?? node.fail('this operator is not supported');
