import { z } from 'zod';
import type { Tensor } from '../../../src/graph/tensor.ts';
import { conversionFault } from '../conversion-fault.ts';
import { decodeWeights, weightSpecSchema } from '../tfjs/weights.ts';
import { moduleLiteral } from './module-literal.ts';

const pair = z.tuple([z.int().positive(), z.int().positive()]);
const padding = z.enum(['same', 'valid']);
/** Each input is (layer, output of it, ...). */
const inbound_nodes = z.array(z.array(z.array(z.unknown())));

const name = z.string();
const pool = z.object({ name, pool_size: pair, strides: pair, padding });
const layerSchema = z.discriminatedUnion('class_name', [
  z.object({
    class_name: z.literal('InputLayer'),
    config: z.object({ name, batch_input_shape: z.array(z.int().nullable()) }),
    inbound_nodes,
  }),
  z.object({
    class_name: z.literal('Conv2D'),
    config: z.object({
      name,
      strides: pair,
      padding,
      use_bias: z.literal(false),
      activation: z.literal('linear'),
      dilation_rate: z.tuple([z.literal(1), z.literal(1)]),
    }),
    inbound_nodes,
  }),
  z.object({
    class_name: z.literal('BatchNormalization'),
    config: z.object({ name, epsilon: z.number(), scale: z.literal(false) }),
    inbound_nodes,
  }),
  z.object({
    class_name: z.literal('Activation'),
    config: z.object({ name, activation: z.literal('relu') }),
    inbound_nodes,
  }),
  z.object({ class_name: z.literal('MaxPooling2D'), config: pool, inbound_nodes }),
  z.object({ class_name: z.literal('AveragePooling2D'), config: pool, inbound_nodes }),
  z.object({
    class_name: z.literal('Concatenate'),
    config: z.object({ name, axis: z.literal(3) }),
    inbound_nodes,
  }),
  z.object({
    class_name: z.enum(['Flatten', 'Dense', 'Dropout']),
    config: z.object({ name }),
    inbound_nodes,
  }),
]);

const modelSchema = z.object({
  modelTopology: z.object({
    model_config: z.object({ config: z.object({ layers: z.array(layerSchema).min(1) }) }),
  }),
  weightsManifest: z.array(
    z.object({ paths: z.array(z.string()), weights: z.array(weightSpecSchema) }),
  ),
});

/** One layer of a Keras model, as TensorFlow.js stores it. */
export type Layer = z.infer<typeof layerSchema>;

/** A Keras model: its layers by name, and its weights as TensorFlow has them (HWIO). */
export interface LayersModel {
  readonly layers: ReadonlyMap<string, Layer>;
  readonly weights: ReadonlyMap<string, Tensor>;
}

/**
 * Reads a layers model whose topology and weights are wrapped in JavaScript modules, the weights
 * as base64.
 * @param files by path; the topology is `model.min.js`, the weights `<name in the manifest>.min.js`
 * @throws PORTICO_MODEL_CONVERT when a module or a layer is not what this reads
 */
export function readLayersModel(
  files: ReadonlyMap<string, Uint8Array>,
  origin: string,
): LayersModel {
  const exported = (stem: string): unknown => {
    const file = [...files].find(([path]) => path.endsWith(`/${stem}.min.js`));
    if (file === undefined) return conversionFault(origin, `the source lacks ${stem}.min.js`);
    return moduleLiteral(new TextDecoder().decode(file[1]), file[0]);
  };
  const parsed = modelSchema.safeParse(exported('model'));
  if (!parsed.success) return conversionFault(origin, z.prettifyError(parsed.error));
  const { modelTopology, weightsManifest } = parsed.data;
  const parts = weightsManifest
    .flatMap(({ paths }) => paths)
    .map((path) => {
      const text = exported(path);
      return typeof text === 'string'
        ? Buffer.from(text, 'base64')
        : conversionFault(origin, `${path} holds no base64`);
    });
  const specs = weightsManifest.flatMap(({ weights }) => weights);
  return {
    layers: new Map(
      modelTopology.model_config.config.layers.map((layer) => [layer.config.name, layer]),
    ),
    weights: decodeWeights(specs, Buffer.concat(parts), origin),
  };
}
