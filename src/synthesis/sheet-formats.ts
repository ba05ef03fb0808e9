import type { FrameSize } from '../domain/frame.ts';
import type { RandomSource } from '../numeric/random.ts';
import { type Border, type ColourRendering, DISPLAY, PAPER } from './picture-colours.ts';
import type { ScreenOptics } from './screen-light.ts';
import type { SheetFormat } from './shown-picture.ts';
import { drawBetween } from './wander.ts';

const PAPER_WHITE = [226, 223, 214] as const;
const BEZEL_BLACK = [22, 22, 24] as const;

/** Sizes in shares of the frame's height. */
interface Proportions {
  readonly width: number;
  readonly height: number;
  readonly side: number;
  readonly end: number;
}

const PRINT: Proportions = { width: 0.58, height: 0.76, side: 0.03, end: 0.03 };
const PHONE: Proportions = { width: 0.5, height: 0.88, side: 0.018, end: 0.05 };
const TABLET: Proportions = { width: 0.9, height: 0.68, side: 0.05, end: 0.05 };

function formatOf(
  { heightPx }: FrameSize,
  { width, height, side, end }: Proportions,
  colour: Border['colour'],
  colours: ColourRendering,
): SheetFormat {
  const px = (share: number): number => Math.round(share * heightPx);
  const border = { leftPx: px(side), rightPx: px(side), topPx: px(end), bottomPx: px(end), colour };
  return { widthPx: px(width), heightPx: px(height), border, colours };
}

export const printFormat = (size: FrameSize): SheetFormat =>
  formatOf(size, PRINT, PAPER_WHITE, PAPER);

export const phoneFormat = (size: FrameSize): SheetFormat =>
  formatOf(size, PHONE, BEZEL_BLACK, DISPLAY);

export const tabletFormat = (size: FrameSize): SheetFormat =>
  formatOf(size, TABLET, BEZEL_BLACK, DISPLAY);

/** Displays whose pixels are about as fine as the sensor's, so that the two grids beat. */
export function drawScreenOptics(random: RandomSource, format: SheetFormat): ScreenOptics {
  const fineness = drawBetween(random, 0.75, 1.6);
  return {
    columns: fineness * format.widthPx,
    rows: fineness * format.heightPx,
    gridContrast: drawBetween(random, 0.03, 0.1),
    bandsPerFrame: drawBetween(random, 0.8, 4),
    bandStep: drawBetween(random, 0.05, 0.45),
    bandContrast: drawBetween(random, 0.015, 0.06),
    glare: {
      u: drawBetween(random, 0.1, 0.9),
      v: drawBetween(random, 0.05, 0.4),
      radius: drawBetween(random, 0.06, 0.2),
      strength: drawBetween(random, 20, 110),
    },
  };
}
