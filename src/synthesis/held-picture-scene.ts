import type { Canvas } from '../numeric/paint-triangles.ts';
import type { HandMotion } from './hand-motion.ts';
import type { HeldSheet, SheetPose } from './held-sheet.ts';
import type { Scene } from './scene.ts';
import { type ScreenLight, type ScreenOptics, shineAsScreen } from './screen-light.ts';
import type { ShownPicture } from './shown-picture.ts';
import type { Pinhole } from './space.ts';

/** A picture held before the camera. */
export interface HeldPicture {
  readonly camera: Pinhole;
  readonly sheet: HeldSheet;
  /** What the sheet shows at a moment. */
  readonly shown: (seconds: number, frameIndex: number) => ShownPicture;
  readonly hand: HandMotion;
  /** Paints what is behind the sheet. @returns (468, 3) a living face there, or undefined */
  readonly behind: (canvas: Canvas, seconds: number, pose: SheetPose) => Float32Array | undefined;
  readonly holes?: Uint8Array;
  readonly light?: ScreenLight;
}

/** A print or a display in somebody's hand, before a room or before a living person. */
export class HeldPictureScene implements Scene {
  readonly #held: HeldPicture;
  #showsPicture = true;

  constructor(held: HeldPicture) {
    this.#held = held;
  }

  get screen(): ScreenOptics | undefined {
    return this.#held.light?.optics;
  }

  get showsPicture(): boolean {
    return this.#showsPicture;
  }

  paint(canvas: Canvas, seconds: number, frameIndex: number): Float32Array {
    const { camera, sheet, shown, hand, behind, holes, light } = this.#held;
    const pose = hand(seconds);
    const living = behind(canvas, seconds, pose);
    const { image, mesh } = shown(seconds, frameIndex);
    sheet.paint(canvas, image, pose, holes);
    // As long as the sheet is beside the person, the living face is the one that is seen.
    this.#showsPicture = living === undefined || Math.abs(pose.x) <= image.widthPx / 2;
    if (living !== undefined && !this.#showsPicture) return living;
    if (light !== undefined) {
      const { widthPx, heightPx } = image;
      shineAsScreen(canvas, camera, { widthPx, heightPx, pose }, light, frameIndex);
    }
    return sheet.locate(mesh, image, pose);
  }
}
