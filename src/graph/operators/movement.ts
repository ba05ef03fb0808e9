import { intAttribute, intsAttribute, stringAttribute } from '../graph.ts';
import type { GraphCore, Term, Value } from '../graph-core.ts';
import type { Shape, Tensor } from '../tensor.ts';

export interface PadOptions {
  /** Begin of every axis, then end of every axis; negative numbers crop. */
  readonly pads: readonly number[];
  readonly mode?: 'constant' | 'reflect' | 'edge';
  /** What constant padding is filled with. */
  readonly value?: number;
}

export interface SliceOptions {
  readonly axes: readonly number[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly steps?: readonly number[];
}

const floats = (values: readonly number[]): Tensor => ({
  elementType: 'float32',
  shape: [values.length],
  data: Float32Array.from(values),
});

/** Operators that move values without changing them (and Resize, which interpolates). */
export function movement(core: GraphCore) {
  return {
    /** One size may be -1: it is worked out from the rest. */
    reshape: (x: Value, shape: Shape): Value => core.node('Reshape', [x, core.integers(shape)]),
    transpose: (x: Value, order: readonly number[]): Value =>
      core.node('Transpose', [x], { attributes: { perm: intsAttribute(order) } }),
    squeeze: (x: Value, axes: readonly number[]): Value =>
      core.node('Squeeze', [x, core.integers(axes)]),
    unsqueeze: (x: Value, axes: readonly number[]): Value =>
      core.node('Unsqueeze', [x, core.integers(axes)]),
    concat: (values: readonly Value[], axis: number): Value =>
      core.node('Concat', values, { attributes: { axis: intAttribute(axis) } }),
    split: (x: Value, axis: number, sizes: readonly number[]): readonly Value[] =>
      core.apply('Split', [x, core.integers(sizes)], {
        attributes: { axis: intAttribute(axis) },
        outputs: sizes.length,
      }),
    slice: (x: Value, { starts, ends, axes, steps }: SliceOptions): Value =>
      core.node('Slice', [
        x,
        core.integers(starts),
        core.integers(ends),
        core.integers(axes),
        steps === undefined ? undefined : core.integers(steps),
      ]),
    pad: (x: Value, { pads, mode = 'constant', value = 0 }: PadOptions): Value =>
      core.node(
        'Pad',
        [x, core.integers(pads), mode === 'constant' ? core.lift(value, x.elementType) : undefined],
        { attributes: { mode: stringAttribute(mode) } },
      ),
    /** Resizes to the given shape; pixel centres are aligned (half-pixel convention). */
    resize: (x: Value, shape: Shape, mode: 'nearest' | 'linear'): Value =>
      core.node('Resize', [x, undefined, undefined, core.integers(shape)], {
        attributes: {
          mode: stringAttribute(mode),
          coordinate_transformation_mode: stringAttribute(
            mode === 'nearest' ? 'asymmetric' : 'half_pixel',
          ),
          ...(mode === 'nearest' ? { nearest_mode: stringAttribute('floor') } : {}),
        },
      }),
    /** Interpolates (N, C, H, W) to a multiple of its size, whatever that is. */
    enlarge: (x: Value, factor: number): Value =>
      core.node('Resize', [x, undefined, core.stored(floats([1, 1, factor, factor]))], {
        attributes: {
          mode: stringAttribute('linear'),
          coordinate_transformation_mode: stringAttribute('half_pixel'),
        },
      }),
    expand: (x: Term, shape: Shape): Value =>
      core.node('Expand', [core.lift(x, 'float32'), core.integers(shape)]),
    gather: (x: Value, indices: Value, axis = 0): Value =>
      core.node('Gather', [x, indices], { attributes: { axis: intAttribute(axis) } }),
    /** Adds `updates` to a copy of x at `indices` along an axis. */
    scatterAdd: (x: Value, indices: Value, updates: Value, axis = 0): Value =>
      core.node('ScatterElements', [x, indices, updates], {
        attributes: { axis: intAttribute(axis), reduction: stringAttribute('add') },
      }),
  };
}
