import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { BYTES_PER_PIXEL } from '../domain/frame.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import { onceFromDisk } from './once-from-disk.ts';

/** What there is of QR codes in a picture. */
export type QrSighting =
  | { readonly kind: 'none' }
  /** A code was found and not understood. `share`: its side, of the picture's shorter side. */
  | { readonly kind: 'unreadable'; readonly share: number }
  | { readonly kind: 'read'; readonly bytes: Uint8Array };

/** Looks for one QR code. */
export async function readQr(picture: RgbImage): Promise<QrSighting> {
  prepareZXingModule(onceFromDisk('reader'));
  const found = await readBarcodes(imageDataOf(picture), {
    formats: ['QRCode'],
    returnErrors: true,
    maxNumberOfSymbols: 1,
  });
  const [first] = found;
  if (first === undefined) return { kind: 'none' };
  if (first.isValid) return { kind: 'read', bytes: first.bytes };
  const { topLeft, topRight, bottomLeft } = first.position;
  const sidePx = Math.max(
    Math.hypot(topRight.x - topLeft.x, topRight.y - topLeft.y),
    Math.hypot(bottomLeft.x - topLeft.x, bottomLeft.y - topLeft.y),
  );
  return { kind: 'unreadable', share: sidePx / Math.min(picture.widthPx, picture.heightPx) };
}

function imageDataOf({ rgb, widthPx, heightPx }: RgbImage) {
  const data = new Uint8ClampedArray(widthPx * heightPx * 4).fill(255);
  for (let from = 0, to = 0; to < data.length; from += BYTES_PER_PIXEL, to += 4) {
    data[to] = rgb[from] ?? 0;
    data[to + 1] = rgb[from + 1] ?? 0;
    data[to + 2] = rgb[from + 2] ?? 0;
  }
  return { data, width: widthPx, height: heightPx, colorSpace: 'srgb' } as const;
}
