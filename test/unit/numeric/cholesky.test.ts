import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { choleskySolveInPlace } from '../../../src/numeric/cholesky.ts';

describe('choleskySolveInPlace', () => {
  it('solves a system worked by hand', () => {
    // [4 2; 2 3] (1, 2) = (8, 8)
    const rhs = Float64Array.of(8, 8);
    assert.equal(choleskySolveInPlace(Float64Array.of(4, 2, 2, 3), rhs), true);
    assert.ok(Math.abs(rhs[0]! - 1) < 1e-12 && Math.abs(rhs[1]! - 2) < 1e-12);
  });

  it('says so when the matrix is not positive definite', () => {
    assert.equal(choleskySolveInPlace(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1)), false);
    assert.equal(
      choleskySolveInPlace(Float64Array.of(1, 0, 0, Number.NaN), Float64Array.of(1, 1)),
      false,
    );
  });

  it('leaves no residual for any Gram matrix with a ridge', () => {
    const entry = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(entry, { minLength: 16, maxLength: 16 }),
        fc.array(entry, { minLength: 4, maxLength: 4 }),
        (entries, rhs) => {
          const gram = new Float64Array(16);
          for (let i = 0; i < 4; i += 1) {
            for (let j = 0; j < 4; j += 1) {
              let sum = i === j ? 0.5 : 0;
              for (let k = 0; k < 4; k += 1) sum += entries[4 * k + i]! * entries[4 * k + j]!;
              gram[4 * i + j] = sum;
            }
          }
          const solution = Float64Array.from(rhs);
          assert.equal(choleskySolveInPlace(gram.slice(), solution), true);
          for (let i = 0; i < 4; i += 1) {
            let product = 0;
            for (let j = 0; j < 4; j += 1) product += gram[4 * i + j]! * solution[j]!;
            assert.ok(Math.abs(product - rhs[i]!) < 1e-9);
          }
        },
      ),
    );
  });
});
