import type { TrainingCosts, TrainingStep } from './train-painter.ts';
import type { CurvePoint } from './training-checkpoint.ts';

/** Gathers the costs of single steps, which jump from crop to crop, into means. */
export class CostCurve {
  readonly points: CurvePoint[];
  readonly #everySteps: number;
  #gathered: TrainingStep[] = [];

  constructor(points: readonly CurvePoint[], everySteps: number) {
    this.points = [...points];
    this.#everySteps = everySteps;
  }

  /** @returns the new point, after every so many steps */
  add(step: TrainingStep): CurvePoint | undefined {
    this.#gathered.push(step);
    if (step.step % this.#everySteps !== 0) return undefined;
    const point = pointOf(this.#gathered, step.step);
    this.#gathered = [];
    this.points.push(point);
    return point;
  }
}

function pointOf(steps: readonly TrainingStep[], step: number): CurvePoint {
  const styles = [...new Set(steps.map(({ style }) => style))].sort((left, right) => left - right);
  return {
    step,
    cost: mean(steps, 'cost'),
    contentCost: mean(steps, 'contentCost'),
    styleCost: mean(steps, 'styleCost'),
    totalVariation: mean(steps, 'totalVariation'),
    steadinessCost: mean(steps, 'steadinessCost'),
    costByStyle: styles.map((style) =>
      mean(
        steps.filter((each) => each.style === style),
        'cost',
      ),
    ),
  };
}

const mean = (steps: readonly TrainingCosts[], cost: keyof TrainingCosts): number =>
  steps.reduce((sum, step) => sum + step[cost], 0) / steps.length;
