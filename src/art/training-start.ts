import {
  initialParameters,
  type PainterDesign,
  parameterViews,
  STYLE_TABLE,
} from './painter-design.ts';
import type { PainterModel } from './painter-model.ts';

/**
 * A painter's parameters with rows for further styles, which begin between those that are there.
 * @param design as the painter's, with at least as many styles
 */
export function withFurtherStyles(model: PainterModel, design: PainterDesign): Float32Array {
  const parameters = initialParameters(design, 0);
  const known = parameterViews(model.design, model.parameters);
  for (const [name, part] of parameterViews(design, parameters)) {
    const values = known.get(name) ?? part;
    part.set(values);
    if (name === STYLE_TABLE) fillWithMean(part, values, model.design.styles);
  }
  return parameters;
}

/** Rows beyond the known ones become the mean of those. */
function fillWithMean(table: Float32Array, known: Float32Array, styles: number): void {
  const length = known.length / styles;
  for (let index = known.length; index < table.length; index++) {
    let sum = 0;
    for (let style = 0; style < styles; style++)
      sum += known[style * length + (index % length)] ?? 0;
    table[index] = sum / styles;
  }
}
