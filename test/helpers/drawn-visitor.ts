import sharp from 'sharp';
import type { FrameSize } from '../../src/domain/frame.ts';

export const DRAWN_SIZE: FrameSize = { widthPx: 640, heightPx: 480 };
/** Where the face of the drawing is, in ratios of the frame. */
export const DRAWN_FACE = { x: 0.36, y: 0.2, width: 0.25, height: 0.44 };

const DRAWING = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480">
<defs><linearGradient id="w" x2="1" y2="1"><stop stop-color="#b9b4a8"/><stop offset="1" stop-color="#6f6a62"/></linearGradient>
<radialGradient id="s" cx=".38" cy=".35"><stop stop-color="#e5b995"/><stop offset="1" stop-color="#a8714f"/></radialGradient></defs>
<rect width="640" height="480" fill="url(#w)"/>
<rect x="30" y="40" width="120" height="300" fill="#d9d7cf"/><rect x="42" y="52" width="46" height="276" fill="#9fb4bd"/><rect x="94" y="52" width="44" height="276" fill="#a9bcc4"/>
<path d="M470 480V180a60 60 0 0 1 120 0V480Z" fill="#5c564d"/>
<path d="M120 480C130 380 200 346 268 336H352C420 346 490 380 500 480Z" fill="#2f4858"/>
<path d="M268 300h84v50c-20 40-64 40-84 0Z" fill="#b07f5d"/>
<ellipse cx="310" cy="202" rx="80" ry="106" fill="url(#s)"/>
<path d="M226 206C216 92 262 74 314 74s98 30 82 132C390 160 372 136 346 130 300 142 244 140 226 206Z" fill="#2b211c"/>
<path d="M262 176q20-12 38-1M324 175q20-11 38 1" stroke="#2b211c" stroke-width="6" fill="none"/>
<ellipse cx="281" cy="194" rx="12" ry="7" fill="#f6f1ea"/><circle cx="281" cy="194" r="6.5" fill="#3b2a20"/>
<ellipse cx="343" cy="194" rx="12" ry="7" fill="#f6f1ea"/><circle cx="343" cy="194" r="6.5" fill="#3b2a20"/>
<path d="M311 196q-8 34-12 40 10 8 24 0" stroke="#8a5a3f" stroke-width="4" fill="none"/>
<path d="M282 262q30 18 58-1" stroke="#8c4a3f" stroke-width="7" fill="none" stroke-linecap="round"/>
</svg>`;

/** A visitor nobody could be: packed RGB of {@link DRAWN_SIZE}. */
export async function drawnVisitor(): Promise<Uint8Array> {
  const { data } = await sharp(Buffer.from(DRAWING)).removeAlpha().raw().toBuffer({
    resolveWithObject: true,
  });
  return data;
}
