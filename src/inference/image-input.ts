import type { TensorImage } from '../numeric/sample-image.ts';

/** How a model wants its picture: value = (raw - mean) / std per channel, raw in 0..255. */
export interface ImageInput {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly layout: 'nchw' | 'nhwc';
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
  const plane = input.layout === 'nchw' ? input.widthPx * input.heightPx : 1;
  const [first, second, third] = input.mean.map((mean, channel) => {
    const std = input.std[channel] ?? Number.NaN;
    return { offset: channel * plane, scale: 1 / std, bias: -mean / std };
  });
  if (first === undefined || second === undefined || third === undefined) {
    throw new RangeError('an image input has three channels');
  }
  const [red, green, blue] =
    input.channelOrder === 'rgb' ? [first, second, third] : [third, second, first];
  return {
    data,
    widthPx: input.widthPx,
    heightPx: input.heightPx,
    pixelStride: input.layout === 'nchw' ? 1 : 3,
    offsets: [red.offset, green.offset, blue.offset],
    scales: [red.scale, green.scale, blue.scale],
    biases: [red.bias, green.bias, blue.bias],
  };
}
