import type { RgbImage } from '../../numeric/sample-image.ts';
import type { PictureSize } from '../painting-graph.ts';
import type { AxisField, ReceptiveField } from './receptive-field.ts';

/** A part of a photograph that excites a unit. */
export interface Patch {
  readonly response: number;
  readonly photo: string;
  readonly image: RgbImage;
}

export interface StrongestPatchesParts {
  readonly field: ReceptiveField;
  readonly units: number;
  readonly places: PictureSize;
  /** How many are kept for each unit. */
  readonly keep: number;
}

/** Where a patch reaches over the photograph's border, there is nothing to see. */
const BEYOND = 40;

/**
 * For every unit, the patches that excite it most: one of each photograph at most, so that no single
 * motif fills the sheet.
 */
export class StrongestPatches {
  readonly #parts: StrongestPatchesParts;
  readonly #best: readonly Patch[][];
  /** Sum over the photographs of each unit's strongest response. */
  readonly #sums: Float64Array;
  #photos = 0;

  constructor(parts: StrongestPatchesParts) {
    this.#parts = parts;
    this.#best = Array.from({ length: parts.units }, () => []);
    this.#sums = new Float64Array(parts.units);
  }

  /** @param features (units, h, w) of the photograph, row-major */
  look(photo: string, image: RgbImage, features: Float32Array): void {
    const { keep, places } = this.#parts;
    const area = places.widthPx * places.heightPx;
    const inside = this.#placesInside(image);
    this.#photos += 1;
    for (const [unit, kept] of this.#best.entries()) {
      const { place, response } = strongest(
        features.subarray(unit * area, (unit + 1) * area),
        inside,
      );
      this.#sums[unit] = (this.#sums[unit] ?? 0) + response;
      const weakest = kept.length < keep ? 0 : (kept.at(-1)?.response ?? 0);
      // A unit that is silent has nothing to show.
      if (response <= weakest) continue;
      kept.push({ response, photo, image: this.#cut(image, place) });
      kept.sort((left, right) => right.response - left.response);
      kept.length = Math.min(kept.length, keep);
    }
  }

  /** Strongest first. */
  of(unit: number): readonly Patch[] {
    return this.#best[unit] ?? [];
  }

  /**
   * Units that tell photographs apart: of the half that speaks louder, those whose best patches stand
   * out most from what is usual for them, the most telling first.
   */
  mostSelective(count: number): readonly number[] {
    const { keep, units } = this.#parts;
    const quietest = this.#sums.toSorted()[Math.floor(units / 2)] ?? 0;
    return [...this.#best.entries()]
      .map(([unit, patches]) => ({ unit, patches, sum: this.#sums[unit] ?? 0 }))
      .filter(({ patches, sum }) => sum > 0 && sum >= quietest && patches.length > 0)
      .map(({ unit, patches, sum }) => {
        const best = patches.slice(0, keep);
        const mean = best.reduce((total, { response }) => total + response, 0) / best.length;
        return { unit, contrast: (mean * this.#photos) / sum };
      })
      .sort((left, right) => right.contrast - left.contrast)
      .slice(0, count)
      .map(({ unit }) => unit);
  }

  /**
   * Places that see nothing but the photograph: near its border a unit answers to the padding. All
   * places where the field is larger than the photograph.
   */
  #placesInside({ widthPx, heightPx }: RgbImage): readonly number[] {
    const { field, places } = this.#parts;
    const all = Array.from({ length: places.widthPx * places.heightPx }, (_, place) => place);
    const isInside = ({ from, length }: Span, limit: number): boolean =>
      from >= 0 && from + length <= limit;
    const inside = all.filter(
      (place) =>
        isInside(spanAt(field.across, place % places.widthPx), widthPx) &&
        isInside(spanAt(field.down, Math.floor(place / places.widthPx)), heightPx),
    );
    return inside.length > 0 ? inside : all;
  }

  #cut(image: RgbImage, place: number): RgbImage {
    const { field, places } = this.#parts;
    const row = Math.floor(place / places.widthPx);
    const column = place % places.widthPx;
    return cutOut(image, spanAt(field.across, column), spanAt(field.down, row));
  }
}

function strongest(
  map: Float32Array,
  among: readonly number[],
): { readonly place: number; readonly response: number } {
  let [place = 0] = among;
  for (const candidate of among) if ((map[candidate] ?? 0) > (map[place] ?? 0)) place = candidate;
  return { place, response: map[place] ?? 0 };
}

interface Span {
  readonly from: number;
  readonly length: number;
}

const spanAt = ({ jump, first, last }: AxisField, place: number): Span => ({
  from: place * jump + first,
  length: last - first + 1,
});

function cutOut({ rgb, widthPx, heightPx }: RgbImage, across: Span, down: Span): RgbImage {
  const cut = new Uint8Array(across.length * down.length * 3).fill(BEYOND);
  for (let row = 0; row < down.length; row += 1) {
    const y = down.from + row;
    if (y < 0 || y >= heightPx) continue;
    const from = Math.max(0, across.from);
    const to = Math.min(widthPx, across.from + across.length);
    if (to <= from) continue;
    const source = rgb.subarray((y * widthPx + from) * 3, (y * widthPx + to) * 3);
    cut.set(source, (row * across.length + from - across.from) * 3);
  }
  return { rgb: cut, widthPx: across.length, heightPx: down.length };
}
