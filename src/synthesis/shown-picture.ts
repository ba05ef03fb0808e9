import type { RgbImage } from '../numeric/sample-image.ts';
import {
  type Border,
  type ColourRendering,
  middleOf,
  renderColours,
  withBorder,
} from './picture-colours.ts';
import type { LitPart } from './screen-light.ts';

/** A picture as it is on its sheet, with the points of the face in it. */
export interface ShownPicture {
  readonly image: RgbImage;
  /** (468, 3) pixels of the image. */
  readonly mesh: Float32Array;
}

/** What the sheet makes of a picture. */
export interface SheetFormat {
  /** Size of what is shown, without the border, in pixels; no larger than the picture it is cut from. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly border: Border;
  readonly colours: ColourRendering;
}

/** Cuts the middle out of a picture, renders it on the sheet, and puts the border round it. */
export function showOnSheet(picture: ShownPicture, format: SheetFormat): ShownPicture {
  const { widthPx, heightPx, border, colours } = format;
  const cut = middleOf(picture.image, widthPx, heightPx);
  const dx = border.leftPx - Math.floor((picture.image.widthPx - widthPx) / 2);
  const dy = border.topPx - Math.floor((picture.image.heightPx - heightPx) / 2);
  const mesh = picture.mesh.map((value, at) => value + ([dx, dy, 0][at % 3] ?? 0));
  return { image: withBorder(renderColours(cut, colours), border), mesh };
}

/** The part of the sheet inside its border. */
export function litPartOf({ widthPx, heightPx, border }: SheetFormat): LitPart {
  const width = widthPx + border.leftPx + border.rightPx;
  const height = heightPx + border.topPx + border.bottomPx;
  return {
    left: border.leftPx / width,
    top: border.topPx / height,
    right: (border.leftPx + widthPx) / width,
    bottom: (border.topPx + heightPx) / height,
  };
}
