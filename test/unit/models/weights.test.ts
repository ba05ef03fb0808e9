import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { permute } from '../../../models/prepare/tfjs/layout.ts';
import { decodeWeights, halfToNumber } from '../../../models/prepare/tfjs/weights.ts';

describe('decodeWeights', () => {
  it('undoes the quantisation to 8 and 16 bits', () => {
    const specs = [
      {
        name: 'a',
        shape: [3],
        dtype: 'float32' as const,
        quantization: { dtype: 'uint8' as const, scale: 0.5, min: -1 },
      },
      {
        name: 'b',
        shape: [2],
        dtype: 'int32' as const,
        quantization: { dtype: 'uint16' as const, scale: 2, min: 1 },
      },
    ];
    const tensors = decodeWeights(specs, Uint8Array.of(0, 2, 255, 0, 1, 3, 0), 'test');
    assert.deepEqual([...(tensors.get('a')?.data ?? [])], [-1, 0, 126.5]);
    assert.deepEqual([...(tensors.get('b')?.data ?? [])], [513, 7]);
  });

  it('reads halves exactly', () => {
    const cases = [
      [0x0000, 0],
      [0x8000, -0],
      [0x3c00, 1],
      [0xc000, -2],
      [0x3555, 0.333251953125],
      [0x7bff, 65504],
      [0x0001, 2 ** -24],
      [0x0400, 2 ** -14],
      [0x7c00, Number.POSITIVE_INFINITY],
      [0xfc00, Number.NEGATIVE_INFINITY],
    ] as const;
    for (const [bits, value] of cases) assert.equal(halfToNumber(bits), value, bits.toString(16));
    assert.ok(Number.isNaN(halfToNumber(0x7e00)));
  });
});

describe('permute', () => {
  it('moves every element to where its axes go', () => {
    const data = Float32Array.of(1, 2, 3, 4, 5, 6);
    assert.deepEqual([...permute(data, [2, 3], [1, 0])], [1, 4, 2, 5, 3, 6]);
  });

  it('is undone by the opposite order', () => {
    const order = fc.shuffledSubarray([0, 1, 2], { minLength: 3 });
    const sizes = fc.tuple(...[4, 3, 5].map((max) => fc.integer({ min: 1, max })));
    fc.assert(
      fc.property(order, sizes, (axes, shape) => {
        const count = shape.reduce((product, size) => product * size, 1);
        const data = Float32Array.from({ length: count }, (_, index) => index);
        const moved = permute(data, shape, axes);
        const back = axes.map((_, axis) => axes.indexOf(axis));
        const movedShape = axes.map((axis) => shape[axis] ?? 1);
        assert.deepEqual(permute(moved, movedShape, back), data);
      }),
    );
  });
});
