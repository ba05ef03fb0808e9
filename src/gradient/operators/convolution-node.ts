import { intAttribute, intsAttribute } from '../../graph/graph.ts';
import type { GraphBuilder } from '../../graph/graph-builder.ts';
import type { Value } from '../../graph/graph-core.ts';
import type { Window } from '../../graph/rules/window-rules.ts';

/** A convolution between a larger image and a smaller one, whichever of them is the input. */
export interface Convolution {
  readonly window: Window;
  readonly group: number;
}

/** A convolution with its window's attributes, some of them changed. */
export function convolutionNode(
  g: GraphBuilder,
  operator: 'Conv' | 'ConvTranspose',
  inputs: readonly Value[],
  { window, group, ...changes }: Convolution & Partial<Omit<Window, 'kernel'>>,
): Value {
  const { strides, dilations, pads } = { ...window, ...changes };
  return g.node(operator, inputs, {
    attributes: {
      strides: intsAttribute(strides),
      dilations: intsAttribute(dilations),
      pads: intsAttribute(pads),
      group: intAttribute(group),
    },
  });
}
