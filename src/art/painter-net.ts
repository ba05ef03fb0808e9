import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Value } from '../graph/graph-core.ts';
import {
  LAST_BIAS,
  LAST_LAYER,
  normalisedLayers,
  type PainterDesign,
  painterLayers,
  STYLE_TABLE,
} from './painter-design.ts';

export interface PainterNetInputs {
  /** (N, 3, H, W) in [0, 1]; H and W multiples of {@link SIZE_STEP_PX}. */
  readonly pixels: Value;
  /** (1, styles): how much of each style; a row of the identity is one style alone. */
  readonly styleWeights: Value;
  /** By the names of `parameterSpecs`. */
  readonly parameter: (name: string) => Value;
}

/** What width and height must divide by: the net halves them twice. */
export const SIZE_STEP_PX = 4;

/**
 * Adds the net that paints in one pass: down to a quarter of the size, residual blocks, and back up
 * by interpolation before each convolution: transposed convolutions leave a grid, and so does
 * repetition, as long as training is short. Every border mirrors what lies inside it.
 * The style is nothing but the scale and shift of the normalised channels, so that weights between
 * styles give pictures between them.
 * @returns (N, 3, H, W) in (0, 1)
 * Source: Johnson et al. 2016, Perceptual Losses; Dumoulin et al. 2017, A Learned Representation
 *         for Artistic Style, section 2.2
 */
export function painterNet(
  g: GraphBuilder,
  { pixels, styleWeights, parameter }: PainterNetInputs,
  design: PainterDesign,
): Value {
  const norms = normsOf(g, g.matMul(styleWeights, parameter(STYLE_TABLE)), design);
  const kernelOf = new Map(painterLayers(design).map(({ name, shape }) => [name, shape[2]]));
  const convolved = (x: Value, name: string, stride = 1): Value => {
    const border = ((kernelOf.get(name) ?? 1) - 1) / 2;
    const padded = g.pad(x, {
      pads: [0, 0, border, border, 0, 0, border, border],
      mode: 'reflect',
    });
    const weights = parameter(name);
    if (name === LAST_LAYER) return g.conv(padded, { weights, bias: parameter(LAST_BIAS) });
    const raw = g.conv(padded, { weights, stride });
    const norm = norms.get(name);
    return norm === undefined ? raw : g.instanceNormalization(raw, norm.scale, norm.shift);
  };
  let x = g.relu(convolved(pixels, 'in'));
  x = g.relu(convolved(x, 'down1', 2));
  x = g.relu(convolved(x, 'down2', 2));
  for (let block = 0; block < design.blocks; block++) {
    const inner = g.relu(convolved(x, `block${block}a`));
    x = g.add(x, convolved(inner, `block${block}b`));
  }
  x = g.relu(convolved(g.enlarge(x, 2), 'up1'));
  x = g.relu(convolved(g.enlarge(x, 2), 'up2'));
  return g.sigmoid(convolved(x, LAST_LAYER));
}

interface Norm {
  readonly scale: Value;
  readonly shift: Value;
}

/** Takes the blended row apart: scale and shift of each layer. */
function normsOf(g: GraphBuilder, row: Value, design: PainterDesign): ReadonlyMap<string, Norm> {
  const layers = normalisedLayers(design);
  const flat = g.reshape(row, [-1]);
  const parts = g.split(
    flat,
    0,
    layers.flatMap(({ shape: [filters] }) => [filters, filters]),
  );
  return new Map(
    layers.flatMap(({ name }, index) => {
      const [scale, shift] = parts.slice(2 * index, 2 * index + 2);
      return scale === undefined || shift === undefined ? [] : [[name, { scale, shift }]];
    }),
  );
}
