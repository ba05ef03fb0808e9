import sharp from 'sharp';
import type { FrameSize } from '../../src/domain/frame.ts';

/**
 * Decodes a JPEG or PNG to a frame: upright, sRGB, scaled without distortion, bordered in black.
 * @param source  path of the file, or its bytes
 * @returns packed RGB, widthPx * heightPx * 3 bytes
 */
export async function decodePicture(source: string | Uint8Array, size: FrameSize): Promise<Buffer> {
  return sharp(source, { failOn: 'error', limitInputPixels: 100_000_000 })
    .autoOrient()
    .resize(size.widthPx, size.heightPx, { fit: 'contain', background: '#000' })
    .flatten({ background: '#000' })
    .toColourspace('srgb')
    .raw()
    .toBuffer();
}
