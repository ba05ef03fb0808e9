import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bandPassKernel, convolve1d } from '../../../src/numeric/convolution-1d.ts';
import { convolve3d, type Volume } from '../../../src/numeric/convolution-3d.ts';
import { Fourier } from '../../../src/numeric/fourier.ts';
import { seededRandom } from '../../../src/numeric/random.ts';

const wave = (length: number, cyclesPerSample: number): Float64Array =>
  Float64Array.from({ length }, (_v, at) => Math.sin(2 * Math.PI * cyclesPerSample * at));
const peak = (signal: Float64Array): number => Math.max(...signal.map(Math.abs));

describe('convolve1d', () => {
  it('reverses the kernel', () => {
    const result = convolve1d(Float64Array.from([0, 0, 1, 0, 0]), Float64Array.from([1, 2, 3]));
    assert.deepEqual([...result], [1, 2, 3]);
  });

  it('gives nothing where the signal is shorter than the kernel', () => {
    assert.equal(convolve1d(Float64Array.from([1]), Float64Array.from([1, 2])).length, 0);
  });
});

describe('bandPassKernel', () => {
  const kernel = bandPassKernel(61, 0.04, 0.12);
  it('passes the band and stops what is outside', () => {
    assert.ok(Math.abs(peak(convolve1d(wave(400, 0.08), kernel)) - 1) < 0.03);
    for (const outside of [0.005, 0.2, 0.4]) {
      assert.ok(peak(convolve1d(wave(400, outside), kernel)) < 0.02, `${outside}`);
    }
  });

  it('stops a constant entirely', () => {
    assert.ok(peak(convolve1d(new Float64Array(100).fill(1_000), kernel)) < 1e-9);
  });
});

describe('convolve3d', () => {
  const block = (depth: number, height: number, width: number, seed: number): Volume => {
    const random = seededRandom(seed);
    const data = Float32Array.from({ length: depth * height * width }, () => random() - 0.5);
    return { data, depth, height, width };
  };

  it('is the sum that defines it', () => {
    const volume = block(5, 6, 7, 1);
    const kernel = block(2, 3, 4, 2);
    const result = convolve3d(volume, kernel);
    assert.deepEqual([result.depth, result.height, result.width], [4, 4, 4]);
    const at = (v: Volume, z: number, y: number, x: number): number =>
      v.data[(z * v.height + y) * v.width + x]!;
    for (const [z, y, x] of [
      [0, 0, 0],
      [3, 3, 3],
      [1, 2, 3],
    ] as const) {
      let sum = 0;
      for (let d = 0; d < 2; d += 1) {
        for (let h = 0; h < 3; h += 1) {
          for (let w = 0; w < 4; w += 1) {
            sum += at(volume, z + d, y + h, x + w) * at(kernel, 1 - d, 2 - h, 3 - w);
          }
        }
      }
      assert.ok(Math.abs(at(result, z, y, x) - sum) < 1e-5);
    }
  });

  it('refuses numbers that do not fill their shape', () => {
    const broken = { ...block(2, 2, 2, 1), depth: 3 };
    assert.throws(() => convolve3d(broken, block(1, 1, 1, 1)), { code: 'PORTICO_NUMERIC_SHAPE' });
  });
});

describe('Fourier', () => {
  it('is the sum that defines it, along a row or a column', () => {
    const random = seededRandom(9);
    const values = Float64Array.from({ length: 64 }, () => random());
    for (const [offset, stride] of [
      [16, 1],
      [3, 8],
    ] as const) {
      const real = Float64Array.from(values);
      const imaginary = new Float64Array(64);
      new Fourier(8).transform(real, imaginary, offset, stride);
      for (let k = 0; k < 8; k += 1) {
        let [sumReal, sumImaginary] = [0, 0];
        for (let n = 0; n < 8; n += 1) {
          const angle = (-2 * Math.PI * k * n) / 8;
          sumReal += values[offset + n * stride]! * Math.cos(angle);
          sumImaginary += values[offset + n * stride]! * Math.sin(angle);
        }
        assert.ok(Math.abs(real[offset + k * stride]! - sumReal) < 1e-9);
        assert.ok(Math.abs(imaginary[offset + k * stride]! - sumImaginary) < 1e-9);
      }
    }
  });

  it('refuses a length that is no power of two', () => {
    assert.throws(() => new Fourier(12), { code: 'PORTICO_NUMERIC_SHAPE' });
  });
});
