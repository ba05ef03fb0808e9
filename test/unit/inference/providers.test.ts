import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadEngine } from '../../../src/inference/engine.ts';
import { relativeDifference } from '../../../src/inference/providers.ts';

describe('relativeDifference', () => {
  it('is the largest difference over the largest magnitude', () => {
    const difference = relativeDifference(Float32Array.of(1, -4, 2), Float32Array.of(1, -4, 3));
    assert.equal(difference, 0.25);
  });

  it('is zero for equal outputs, silent ones too', () => {
    assert.equal(relativeDifference(new Float32Array(3), new Float32Array(3)), 0);
  });

  it('is infinite for what cannot be compared', () => {
    const reference = Float32Array.of(1, 2);
    assert.equal(relativeDifference(reference, Float32Array.of(1)), Number.POSITIVE_INFINITY);
    assert.equal(
      relativeDifference(reference, Float32Array.of(1, Number.NaN)),
      Number.POSITIVE_INFINITY,
    );
  });
});

describe('loadEngine', () => {
  it('loads the bundled engine', () => {
    assert.equal(typeof loadEngine().InferenceSession.create, 'function');
  });

  it('refuses a folder without an engine, and a package that is none', () => {
    assert.throws(() => loadEngine('/nowhere/engine'), { code: 'PORTICO_MODEL_PROVIDER' });
    assert.throws(() => loadEngine('node:path'), { code: 'PORTICO_MODEL_PROVIDER' });
  });
});
