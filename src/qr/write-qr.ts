import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import { InvariantError } from '../domain/errors.ts';
import { onceFromDisk } from './once-from-disk.ts';
import type { QrModules } from './qr-modules.ts';

/** What the largest code holds at the lowest error correction. */
export const QR_BYTES_MAX = 2_900;

export interface QrCode {
  readonly modules: QrModules;
  readonly svg: string;
  readonly png: Uint8Array;
}

/** Pixels of a module in the PNG, for a screen and for paper. */
const PNG_SCALE = 6;

/**
 * The bytes as the smallest QR code that holds them, with the lowest error correction: a screen has neither dirt
 * nor creases, and larger modules read from further away.
 * @param bytes  1 to `QR_BYTES_MAX`
 */
export async function writeQr(bytes: Uint8Array): Promise<QrCode> {
  prepareZXingModule(onceFromDisk('writer'));
  const options = { format: 'QRCode', options: 'ecLevel=L', scale: PNG_SCALE } as const;
  const { error, symbol, svg, image } = await writeBarcode(bytes, options);
  if (error !== '' || image === null) {
    throw new InvariantError('PORTICO_INVARIANT_BROKEN', {
      message: `${bytes.length} bytes are no QR code: ${error}`,
      remedy: 'Report it; carry the file meanwhile.',
    });
  }
  const { width: side, data } = symbol;
  return {
    modules: { side, isDark: Array.from(data, (value) => value === 0) },
    svg,
    png: new Uint8Array(await image.arrayBuffer()),
  };
}
