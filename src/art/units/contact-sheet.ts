import sharp from 'sharp';
import type { RgbImage } from '../../numeric/sample-image.ts';
import type { PictureFormat } from '../picture-file.ts';

/** One row of a sheet. */
export interface SheetRow {
  readonly label: string;
  readonly tiles: readonly RgbImage[];
}

const TILE_PX = 96;
const GAP_PX = 4;
const LABEL_PX = 76;
const PAPER = '#f4f1ec';
const INK = '#2a2622';

/** Rows of tiles with a label before each, as the bytes of an image file. */
export async function contactSheet(
  rows: readonly SheetRow[],
  format: PictureFormat,
): Promise<Uint8Array> {
  const columns = Math.max(1, ...rows.map(({ tiles }) => tiles.length));
  const step = TILE_PX + GAP_PX;
  const width = LABEL_PX + columns * step + GAP_PX;
  const height = rows.length * step + GAP_PX;
  const layers = rows.flatMap(({ label, tiles }, row) => {
    const top = GAP_PX + row * step;
    return [
      Promise.resolve({ input: labelOf(label), left: GAP_PX, top }),
      ...tiles.map(async (tile, column) => ({
        input: await tileOf(tile),
        left: LABEL_PX + column * step,
        top,
      })),
    ];
  });
  return sharp({ create: { width, height, channels: 3, background: PAPER } })
    .composite(await Promise.all(layers))
    .toFormat(format, format === 'png' ? { compressionLevel: 9 } : { quality: 84 })
    .toBuffer();
}

/** Small patches are enlarged without smoothing: a pixel is what the unit saw. */
const tileOf = ({ rgb, widthPx, heightPx }: RgbImage): Promise<Buffer> =>
  sharp(rgb, { raw: { width: widthPx, height: heightPx, channels: 3 } })
    .resize({
      width: TILE_PX,
      height: TILE_PX,
      fit: 'contain',
      background: PAPER,
      kernel: Math.max(widthPx, heightPx) < TILE_PX / 2 ? 'nearest' : 'lanczos3',
    })
    .png()
    .toBuffer();

function labelOf(text: string): Buffer {
  const words = text.replace(/[&<>]/g, '');
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${LABEL_PX - 2 * GAP_PX}" height="${TILE_PX}">` +
      `<text x="0" y="${TILE_PX / 2}" font-family="sans-serif" font-size="13" fill="${INK}">${words}</text></svg>`,
  );
}
