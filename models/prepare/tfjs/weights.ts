import { z } from 'zod';
import { elementCount, type Tensor, type TensorData } from '../../../src/graph/tensor.ts';
import { conversionFault } from '../conversion-fault.ts';

/** One tensor in a TensorFlow.js weights file. Source: tfjs-core io/types, WeightsManifestEntry */
export const weightSpecSchema = z.object({
  name: z.string(),
  shape: z.array(z.int().nonnegative()),
  dtype: z.enum(['float32', 'int32']),
  quantization: z
    .object({
      dtype: z.enum(['uint8', 'uint16', 'float16']),
      scale: z.number().optional(),
      min: z.number().optional(),
    })
    .optional(),
});

export type WeightSpec = z.infer<typeof weightSpecSchema>;

const BYTES = { float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1 } as const;

/**
 * Cuts a weights file into tensors and undoes the quantisation.
 * @param bytes the concatenated tensors, in the order of `specs`, without gaps
 * @returns float32 or int32 tensors by name, shapes as TensorFlow has them (NHWC, HWIO)
 * @throws PORTICO_MODEL_CONVERT when the file is shorter or longer than the specs say
 */
export function decodeWeights(
  specs: readonly WeightSpec[],
  bytes: Uint8Array,
  origin: string,
): ReadonlyMap<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  let offset = 0;
  for (const spec of specs) {
    const count = elementCount(spec.shape);
    const length = count * BYTES[spec.quantization?.dtype ?? spec.dtype];
    if (offset + length > bytes.byteLength) {
      conversionFault(origin, `ends within the weights of "${spec.name}"`);
    }
    const data = dequantise(spec, Uint8Array.from(bytes.subarray(offset, offset + length)).buffer);
    tensors.set(spec.name, { elementType: spec.dtype, shape: spec.shape, data });
    offset += length;
  }
  if (offset !== bytes.byteLength) {
    conversionFault(origin, `has ${bytes.byteLength - offset} bytes that no weight claims`);
  }
  return tensors;
}

function dequantise(spec: WeightSpec, buffer: ArrayBuffer): TensorData {
  const whole = spec.dtype === 'int32';
  switch (spec.quantization?.dtype) {
    case undefined:
      return whole ? new Int32Array(buffer) : new Float32Array(buffer);
    case 'float16':
      return Float32Array.from(new Uint16Array(buffer), halfToNumber);
    case 'uint16':
    case 'uint8': {
      const { dtype, scale = 1, min = 0 } = spec.quantization;
      const steps = dtype === 'uint8' ? new Uint8Array(buffer) : new Uint16Array(buffer);
      return whole
        ? Int32Array.from(steps, (step) => Math.round(step * scale + min))
        : Float32Array.from(steps, (step) => step * scale + min);
    }
  }
}

/** IEEE 754 binary16 from its bits; exact. */
export function halfToNumber(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
