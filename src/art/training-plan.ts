import { PAINTER_DESIGN, type PainterDesign } from './painter-design.ts';
import { BACKBONE_LAYERS, type PaintingLayers } from './painting-graph.ts';
import type { TrainingWeights } from './training-graph.ts';

/** How a painter is trained; {@link TRAINING_DEFAULTS} where nothing is said. */
export interface TrainingPlan {
  readonly design: PainterDesign;
  readonly layers: PaintingLayers;
  readonly weights: TrainingWeights;
  readonly cropPx: number;
  readonly pairs: number;
  /** Longer side at which a style is looked at: larger means broader strokes. */
  readonly stylePx: number;
  readonly steps: number;
  /** Ends training before its steps are done; absent: no limit. */
  readonly limitMs?: number;
  readonly learningRate: number;
  readonly seed: number;
  /** Styles below this one are kept as they are, and so is all that they share. */
  readonly firstTrainedStyle: number;
}

export const TRAINING_DEFAULTS: Omit<TrainingPlan, 'design' | 'firstTrainedStyle'> & {
  readonly design: Omit<PainterDesign, 'styles'>;
} = {
  design: PAINTER_DESIGN,
  layers: BACKBONE_LAYERS,
  weights: { content: 1, style: 25, totalVariation: 12, steadiness: 100 },
  cropPx: 128,
  pairs: 1,
  stylePx: 320,
  steps: 8000,
  learningRate: 2e-3,
  seed: 1,
};
