import type { TensorImage } from '../numeric/sample-image.ts';

/** How a model wants its picture, (1, 3, height, width): value = (raw - mean) / std, raw in 0..255. */
export interface ImageInput {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channelOrder: 'rgb' | 'bgr';
  /** In the model's channel order. */
  readonly mean: readonly [number, number, number];
  /** In the model's channel order; > 0. */
  readonly std: readonly [number, number, number];
}

/**
 * Describes the picture inside a model's input buffer, so that samplers write straight into it.
 * @param data   the input of a session
 * @param input  from the manifest
 */
export function tensorImage(data: Float32Array, input: ImageInput): TensorImage {
  const { widthPx, heightPx, mean, std } = input;
  const plane = widthPx * heightPx;
  // The model's channel of each colour, in the order red, green, blue.
  const perColour = <T>(of: (channel: 0 | 1 | 2) => T): readonly [T, T, T] =>
    input.channelOrder === 'rgb' ? [of(0), of(1), of(2)] : [of(2), of(1), of(0)];
  return {
    data,
    widthPx,
    heightPx,
    pixelStride: 1,
    offsets: perColour((channel) => channel * plane),
    scales: perColour((channel) => 1 / std[channel]),
    biases: perColour((channel) => -mean[channel] / std[channel]),
  };
}
