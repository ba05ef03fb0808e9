// Joins a page's screenshots, one file per state, to one sheet per screen and language:
//   PORTICO_PICTURES=pictures node --test dist/test/integration/kiosk/page.test.js
//   node scripts/picture-sheets.mjs pictures docs/pictures kiosk
//   PORTICO_PICTURES=pictures node --test dist/test/integration/console/looks.test.js
//   node scripts/picture-sheets.mjs pictures docs/pictures console
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const NAME = /^(?<state>.+)-(?<screen>(?<wide>\d+)x(?<high>\d+)(-light|-dark)?-(en|zh-Hans))\.png$/;
/** Of one state in its sheet: the console is read from nearer than the page on the wall. */
const TILE_AREAS_PX = { kiosk: 72_000, console: 150_000 };
const GAP_PX = 6;
const PAPER = '#d8d4cc';

const [from, to, page] = process.argv.slice(2);
const tileAreaPx = TILE_AREAS_PX[page];
if (from === undefined || to === undefined || tileAreaPx === undefined) {
  console.error(
    'picture-sheets: name the folder of the pictures, that for the sheets, and the page',
  );
  process.exit(2);
}

const sheets = new Map();
for (const file of readdirSync(from).sort()) {
  const groups = NAME.exec(file)?.groups;
  if (groups === undefined) continue;
  const key = groups.screen;
  const sheet = sheets.get(key) ?? { ratio: groups.wide / groups.high, files: [] };
  sheet.files.push(file);
  sheets.set(key, sheet);
}
for (const [key, { ratio, files }] of sheets) {
  const width = Math.round(Math.sqrt(tileAreaPx * ratio));
  const height = Math.round(width / ratio);
  const columns = Math.ceil(Math.sqrt((files.length * 1.6) / ratio));
  const tiles = await Promise.all(
    files.map(async (file, index) => ({
      input: await sharp(join(from, file)).resize({ width, height }).png().toBuffer(),
      left: GAP_PX + (index % columns) * (width + GAP_PX),
      top: GAP_PX + Math.floor(index / columns) * (height + GAP_PX),
    })),
  );
  const rows = Math.ceil(files.length / columns);
  const size = {
    width: GAP_PX + columns * (width + GAP_PX),
    height: GAP_PX + rows * (height + GAP_PX),
  };
  const path = join(to, `${page}-states-${key}.jpg`);
  await sharp({ create: { ...size, channels: 3, background: PAPER } })
    .composite(tiles)
    .jpeg({ quality: 78, mozjpeg: true })
    .toFile(path);
  console.log(`${path}: ${files.length} states`);
}
