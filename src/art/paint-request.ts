import type { PaintingLayers, PaintingWeights } from './painting-graph.ts';
import { BACKBONE_LAYERS } from './painting-graph.ts';
import type { Picture } from './picture.ts';

/** One size at which is painted, and for how long. */
export interface PaintLevel {
  readonly longSidePx: number;
  readonly steps: number;
}

/** How to paint; {@link PAINT_DEFAULTS} where nothing is said. */
export interface PaintSettings {
  /** From coarse to fine: each continues what the one before has made. */
  readonly levels: readonly PaintLevel[];
  readonly layers: PaintingLayers;
  readonly weights: PaintingWeights;
  readonly optimiser: 'l-bfgs' | 'adam';
  readonly start: 'content' | 'noise' | 'style';
  /** The content's colours stay; only brightness takes the style. */
  readonly keepColours: boolean;
  /** Longer side of a style over that of the painting: larger means broader strokes. */
  readonly styleScale: number;
  /** Painted beyond the edge and cut off again, because a backbone pads with black. */
  readonly borderPx: number;
  /** Seed of the noise to start from. */
  readonly seed: number;
}

export const PAINT_DEFAULTS: PaintSettings = {
  levels: [
    { longSidePx: 256, steps: 80 },
    { longSidePx: 512, steps: 40 },
  ],
  layers: BACKBONE_LAYERS,
  weights: { content: 1, style: 40, totalVariation: 12 },
  optimiser: 'l-bfgs',
  start: 'content',
  keepColours: false,
  styleScale: 1,
  borderPx: 16,
  seed: 1,
};

export interface Style {
  readonly picture: Picture;
  /** Share in the blend; shares are divided by their sum. */
  readonly share: number;
}

export interface PaintRequest {
  readonly content: Picture;
  readonly styles: readonly [Style, ...Style[]];
  /** Where to paint: 1 wholly, 0 not at all; one value per pixel of the content. */
  readonly mask?: Float32Array;
  readonly settings: PaintSettings;
}
