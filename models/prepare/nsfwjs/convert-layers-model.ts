import type { Graph } from '../../../src/graph/graph.ts';
import { type GraphBuilder, graphBuilder } from '../../../src/graph/graph-builder.ts';
import type { Value } from '../../../src/graph/graph-core.ts';
import type { Pads } from '../../../src/graph/operators/windows.ts';
import { conversionFault } from '../conversion-fault.ts';
import { permute } from '../tfjs/layout.ts';
import type { Layer, LayersModel } from './layers-model.ts';

type LayerOf<Class extends Layer['class_name']> = Extract<Layer, { class_name: Class }>;

/**
 * Writes a Keras image model as ONNX, channels first, each batch normalisation folded into the
 * convolution before it. Layers that no output needs are left out.
 * @param outputs output name → the one layer that gives it
 * @throws PORTICO_MODEL_CONVERT when a layer or a weight is missing or of an unknown kind
 */
export function convertLayersModel(
  model: LayersModel,
  name: string,
  outputs: Readonly<Record<string, readonly string[]>>,
): Graph {
  const g = graphBuilder(name);
  const conversion = new LayersConversion(g, model, name);
  for (const [output, [layer = output]] of Object.entries(outputs)) {
    g.output(output, conversion.value(layer));
  }
  return g.build();
}

class LayersConversion {
  readonly #g: GraphBuilder;
  readonly #model: LayersModel;
  readonly #origin: string;
  readonly #values = new Map<string, Value>();

  constructor(g: GraphBuilder, model: LayersModel, origin: string) {
    this.#g = g;
    this.#model = model;
    this.#origin = origin;
  }

  value(name: string): Value {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const value = this.#convert(this.#layer(name));
    this.#values.set(name, value);
    return value;
  }

  #convert(layer: Layer): Value {
    const g = this.#g;
    switch (layer.class_name) {
      case 'InputLayer': {
        const [, height, width, channels] = layer.config.batch_input_shape;
        return g.input('input', [1, channels ?? 3, height ?? 1, width ?? 1]);
      }
      case 'BatchNormalization':
        return this.#normalisedConv(layer);
      case 'Activation':
        return g.relu(this.#input(layer));
      case 'MaxPooling2D':
        return g.maxPool(this.#input(layer), this.#pool(layer));
      case 'AveragePooling2D':
        return g.averagePool(this.#input(layer), this.#pool(layer));
      case 'Concatenate':
        return g.concat(
          this.#inputNames(layer).map((input) => this.value(input)),
          1,
        );
      case 'Conv2D':
      case 'Flatten':
      case 'Dense':
      case 'Dropout':
        return conversionFault(this.#origin, `layer "${layer.config.name}" cannot stand alone`);
    }
  }

  /** The convolution whose result is normalised, with scale and shift in its weights. */
  #normalisedConv(layer: LayerOf<'BatchNormalization'>): Value {
    const [input = ''] = this.#inputNames(layer);
    const conv = this.#layer(input);
    if (conv.class_name !== 'Conv2D') {
      return conversionFault(this.#origin, `"${layer.config.name}" follows no convolution`);
    }
    const { name, epsilon } = layer.config;
    const variance = this.#floats(`${name}/moving_variance`).data;
    const mean = this.#floats(`${name}/moving_mean`).data;
    const beta = this.#floats(`${name}/beta`).data;
    const factors = variance.map((each) => 1 / Math.sqrt(each + epsilon));
    const { shape, data } = this.#floats(`${conv.config.name}/kernel`);
    const [height = 1, width = 1, channels = 1, filters = 1] = shape;
    const perFilter = height * width * channels;
    const weights = permute(data, shape, [3, 2, 0, 1]).map(
      (weight, index) => weight * (factors[Math.floor(index / perFilter)] ?? 1),
    );
    const bias = beta.map((shift, filter) => shift - (mean[filter] ?? 0) * (factors[filter] ?? 1));
    const x = this.#input(conv);
    const { strides, padding } = conv.config;
    return this.#g.conv(x, {
      weights: this.#g.constant([filters, channels, height, width], weights),
      bias: this.#g.constant([filters], bias),
      stride: strides,
      pads: this.#pads([height, width], strides, padding),
    });
  }

  #pool({ config }: LayerOf<'MaxPooling2D' | 'AveragePooling2D'>) {
    const { pool_size: kernel, strides: stride, padding } = config;
    return { kernel, stride, pads: this.#pads(kernel, stride, padding) };
  }

  /** The larger half of an odd padding comes last. With a stride it would depend on the image. */
  #pads(
    kernel: readonly [number, number],
    strides: readonly [number, number],
    padding: 'same' | 'valid',
  ): Pads {
    if (padding === 'valid') return [0, 0, 0, 0];
    if (strides[0] !== 1 || strides[1] !== 1) {
      return conversionFault(this.#origin, 'a layer has both a stride and the padding "same"');
    }
    const [height, width] = [kernel[0] - 1, kernel[1] - 1];
    const [top, left] = [Math.floor(height / 2), Math.floor(width / 2)];
    return [top, left, height - top, width - left];
  }

  #input(layer: Layer): Value {
    const [input = ''] = this.#inputNames(layer);
    return this.value(input);
  }

  #inputNames({ inbound_nodes: [inputs = []] }: Layer): readonly string[] {
    return inputs.map(([input]) => String(input));
  }

  #layer(name: string): Layer {
    return (
      this.#model.layers.get(name) ?? conversionFault(this.#origin, `there is no layer "${name}"`)
    );
  }

  #floats(name: string): { readonly shape: readonly number[]; readonly data: Float32Array } {
    const tensor = this.#model.weights.get(name);
    return tensor?.data instanceof Float32Array
      ? { shape: tensor.shape, data: tensor.data }
      : conversionFault(this.#origin, `the weights "${name}" are missing`);
  }
}
