import type { FrameSize } from '../domain/frame.ts';
import type { Canvas } from '../numeric/paint-triangles.ts';
import type { RandomSource } from '../numeric/random.ts';
import type { Plate } from './portrait.ts';
import { drawBetween } from './wander.ts';

/** Cells of the coarse picture that the room is grown from. */
const COLUMNS = 24;
const ROWS = 18;
const DIFFUSIONS = 120;
/** The room reaches so far beyond the frame on each side, so that it can move. */
const MARGIN_PX = 24;
/** Width over which an edge in the room is out of focus: small cameras see far things as sharp as near ones. */
const DEFOCUS_PX = { sharpest: 1, softest: 7 } as const;
/** Blinds, shelves, wallpaper: something regular is in so many rooms. */
const PATTERNED = 0.6;
/** Mean green value of the room, at least. */
const LEAST_LIGHT = 70;

type Colour = readonly [number, number, number];

/**
 * What is behind the person, more or less out of focus: the colours of the photograph's own surroundings
 * spread over the frame, with some upright and level edges as of doors and shelves, and often a pattern.
 */
export class Room {
  readonly #size: FrameSize;
  readonly #rowPx: number;
  readonly #picture: Float32Array;
  readonly #defocusPx: number;

  constructor(plate: Plate, size: FrameSize, random: RandomSource) {
    this.#size = size;
    this.#rowPx = size.widthPx + 2 * MARGIN_PX;
    const rows = size.heightPx + 2 * MARGIN_PX;
    this.#picture = new Float32Array(3 * this.#rowPx * rows);
    this.#defocusPx = drawBetween(random, DEFOCUS_PX.sharpest, DEFOCUS_PX.softest);
    this.#spread(lit(coarseSurroundings(plate)), rows);
    if (random() < PATTERNED) this.#pattern(random, rows);
    const things = 3 + Math.floor(4 * random());
    for (let index = 0; index < things; index += 1) this.#placeThing(random, rows);
  }

  /** Covers the whole canvas. @param shift  of the room in pixels, less than the margin */
  paint(canvas: Canvas, shift: { x: number; y: number }): void {
    const limit = (value: number): number => Math.max(1, Math.min(2 * MARGIN_PX - 2, value));
    const fromX = limit(MARGIN_PX - shift.x);
    const fromY = limit(MARGIN_PX - shift.y);
    const [x0, y0] = [Math.floor(fromX), Math.floor(fromY)];
    const [right, down] = [fromX - x0, fromY - y0];
    const below = 3 * this.#rowPx;
    const picture = this.#picture;
    let at = 0;
    for (let row = 0; row < this.#size.heightPx; row += 1) {
      let from = 3 * ((y0 + row) * this.#rowPx + x0);
      for (let index = 0; index < 3 * this.#size.widthPx; index += 1, from += 1, at += 1) {
        const top = (picture[from] ?? 0) * (1 - right) + (picture[from + 3] ?? 0) * right;
        const p = from + below;
        const bottom = (picture[p] ?? 0) * (1 - right) + (picture[p + 3] ?? 0) * right;
        canvas.data[at] = top + (bottom - top) * down;
      }
    }
  }

  #spread(cells: readonly Colour[], rows: number): void {
    for (let y = 0; y < rows; y += 1) {
      const v = Math.min(ROWS - 1.001, (y / rows) * (ROWS - 1));
      for (let x = 0; x < this.#rowPx; x += 1) {
        const u = Math.min(COLUMNS - 1.001, (x / this.#rowPx) * (COLUMNS - 1));
        for (let channel = 0; channel < 3; channel += 1) {
          this.#picture[3 * (y * this.#rowPx + x) + channel] = between(cells, u, v, channel);
        }
      }
    }
  }

  /** Waves over the whole room, upright or level, paler the more they are out of focus. */
  #pattern(random: RandomSource, rows: number): void {
    const isUpright = random() < 0.5;
    const periodPx = drawBetween(random, 8, 60);
    const blur = Math.exp(-(((2 * this.#defocusPx) / periodPx) ** 2));
    const contrast = blur * drawBetween(random, 0.05, 0.35);
    for (let y = 0; y < rows; y += 1) {
      for (let x = 0; x < this.#rowPx; x += 1) {
        const turns = (isUpright ? x : y) / periodPx;
        const factor = 1 + contrast * Math.cos(2 * Math.PI * turns);
        for (let at = 3 * (y * this.#rowPx + x), end = at + 3; at < end; at += 1) {
          this.#picture[at] = Math.min(250, (this.#picture[at] ?? 0) * factor);
        }
      }
    }
  }

  /** An upright or level board that is lighter or darker than what it hides. */
  #placeThing(random: RandomSource, rows: number): void {
    const upright = random() < 0.6;
    const left = random() * this.#rowPx;
    const top = upright ? random() * 0.3 * rows : random() * rows;
    const width = drawBetween(random, 0.04, upright ? 0.2 : 0.5) * this.#rowPx;
    const height = upright ? rows : drawBetween(random, 0.03, 0.15) * rows;
    const factor = drawBetween(random, 0.65, 1.3);
    for (let y = 0; y < rows; y += 1) {
      const down = softInside(y, top, top + height, this.#defocusPx);
      if (down === 0) continue;
      for (let x = 0; x < this.#rowPx; x += 1) {
        const share = down * softInside(x, left, left + width, this.#defocusPx);
        if (share === 0) continue;
        const at = 3 * (y * this.#rowPx + x);
        for (let channel = 0; channel < 3; channel += 1) {
          const value = this.#picture[at + channel] ?? 0;
          this.#picture[at + channel] = Math.min(250, value * (1 + share * (factor - 1)));
        }
      }
    }
  }
}

/** A door is lit well enough to see what stands before it. */
function lit(cells: readonly Colour[]): readonly Colour[] {
  const mean = cells.reduce((sum, [, green]) => sum + green, 0) / cells.length;
  const lift = Math.max(0, LEAST_LIGHT - mean);
  return cells.map(([red, green, blue]) => [red + lift, green + lift, blue + lift]);
}

/** 1 inside, 0 outside, smooth over the width of the defocus. */
function softInside(at: number, from: number, to: number, defocusPx: number): number {
  const depth = Math.min(at - from, to - at) / defocusPx;
  const share = Math.max(0, Math.min(1, depth + 0.5));
  return share * share * (3 - 2 * share);
}

function between(cells: readonly Colour[], u: number, v: number, channel: number): number {
  const [x0, y0] = [Math.floor(u), Math.floor(v)];
  const value = (x: number, y: number): number => cells[y * COLUMNS + x]?.[channel] ?? 0;
  const top = value(x0, y0) + (value(x0 + 1, y0) - value(x0, y0)) * (u - x0);
  const bottom = value(x0, y0 + 1) + (value(x0 + 1, y0 + 1) - value(x0, y0 + 1)) * (u - x0);
  return top + (bottom - top) * (v - y0);
}

/** Mean colours of the plate where it shows no person; the rest is filled from there. */
function coarseSurroundings(plate: Plate): readonly Colour[] {
  const { image, interEyePx, isCovered } = plate;
  const [cellX, cellY] = [image.widthPx / COLUMNS, image.heightPx / ROWS];
  const known = new Array<Colour | undefined>(COLUMNS * ROWS).fill(undefined);
  for (let row = 0; row < ROWS; row += 1) {
    for (let column = 0; column < COLUMNS; column += 1) {
      const [x, y] = [(column + 0.5) * cellX, (row + 0.5) * cellY];
      const aside = Math.abs(x - image.widthPx / 2) / interEyePx;
      const isPerson = aside < 1.9 || (y > image.heightPx / 2 && aside < 3);
      if (isPerson || !isCovered(x, y)) continue;
      const at = 3 * (Math.floor(y) * image.widthPx + Math.floor(x));
      known[row * COLUMNS + column] = [
        image.rgb[at] ?? 0,
        image.rgb[at + 1] ?? 0,
        image.rgb[at + 2] ?? 0,
      ];
    }
  }
  return fillFrom(known);
}

function fillFrom(known: readonly (Colour | undefined)[]): readonly Colour[] {
  const found = known.filter((colour) => colour !== undefined);
  const mean = ([0, 1, 2] as const).map(
    (channel) => found.reduce((sum, colour) => sum + colour[channel], 0) / found.length,
  );
  const start: Colour =
    found.length === 0 ? [128, 124, 118] : [mean[0] ?? 0, mean[1] ?? 0, mean[2] ?? 0];
  let cells: readonly Colour[] = known.map((colour) => colour ?? start);
  for (let step = 0; step < DIFFUSIONS; step += 1) {
    cells = cells.map((cell, index) => neighbourMean(cells, index, cell, known[index]));
  }
  return cells;
}

function neighbourMean(
  cells: readonly Colour[],
  index: number,
  cell: Colour,
  known: Colour | undefined,
): Colour {
  const around = [
    cells[index - 1],
    cells[index + 1],
    cells[index - COLUMNS],
    cells[index + COLUMNS],
  ];
  const sum = [0, 0, 0];
  for (const near of around) {
    for (const channel of [0, 1, 2] as const) {
      sum[channel] = (sum[channel] ?? 0) + (near ?? cell)[channel] / 4;
    }
  }
  // What was seen holds on to its colour, but not to its detail: the room is out of focus.
  const hold = known === undefined ? 0 : 0.5;
  const mixed = (channel: 0 | 1 | 2): number =>
    (1 - hold) * (sum[channel] ?? 0) + hold * (known?.[channel] ?? 0);
  return [mixed(0), mixed(1), mixed(2)];
}
