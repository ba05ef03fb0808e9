/** Hand-made TensorFlow.js graphs: nodes in their JSON form, and the weights file beside them. */
interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly integer?: boolean;
}

interface Node {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Record<string, unknown>;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
export const text = (value: string) => ({ s: base64(value) });
export const ints = (...values: readonly number[]) => ({ list: { i: values.map(String) } });
export const texts = (...values: readonly string[]) => ({ list: { s: values.map(base64) } });

/** A placeholder called x with an image (1, height, width, channels). */
export const image = (height: number, width: number, channels: number): Node => ({
  name: 'x',
  op: 'Placeholder',
  attr: {
    shape: {
      shape: { dim: [-1, height, width, channels].map((size) => ({ size: String(size) })) },
    },
  },
});

export const constant = (name: string): Node => ({ name, op: 'Const' });

/** The JSON and the weights of a model. */
export function graphModel(nodes: readonly Node[], weights: readonly Weight[]) {
  const constants = weights.map(({ name }) => constant(name));
  const json = {
    format: 'graph-model',
    modelTopology: { node: [...nodes, ...constants] },
    weightsManifest: [
      {
        paths: ['weights.bin'],
        weights: weights.map(({ name, shape, integer }) => {
          return { name, shape, dtype: integer === true ? 'int32' : 'float32' };
        }),
      },
    ],
  };
  const parts = weights.map(({ values, integer }) =>
    Buffer.from((integer === true ? Int32Array.from(values) : Float32Array.from(values)).buffer),
  );
  return { json: Buffer.from(JSON.stringify(json)), bytes: Buffer.concat(parts) };
}
