import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Adam } from '../../../src/numeric/optimisers/adam.ts';
import { LBfgs } from '../../../src/numeric/optimisers/l-bfgs.ts';
import type { Optimiser } from '../../../src/numeric/optimisers/optimiser.ts';
import { Sgd } from '../../../src/numeric/optimisers/sgd.ts';

type Problem = (x: Float32Array) => { readonly cost: number; readonly gradient: Float32Array };

/** Sum of scales * (x - target)^2: a bowl that is steeper in some directions than in others. */
const bowl =
  (targets: readonly number[], scales: readonly number[]): Problem =>
  (x) => {
    let cost = 0;
    const gradient = x.map((value, index) => {
      const distance = value - (targets[index] ?? 0);
      const scale = scales[index] ?? 1;
      cost += scale * distance ** 2;
      return 2 * scale * distance;
    });
    return { cost, gradient };
  };

/** A bent valley with its lowest point at (1, 1). */
const rosenbrock: Problem = ([x = 0, y = 0]) => ({
  cost: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
  gradient: Float32Array.of(-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)),
});

function descend(optimiser: Optimiser, problem: Problem, start: Float32Array, steps: number) {
  for (let count = 0; count < steps; count++) {
    const { cost, gradient } = problem(start);
    optimiser.step(start, gradient, cost);
  }
  return problem(start).cost;
}

const quadratic = bowl([3, -2, 0.5], [1, 10, 0.3]);

describe('optimisers', () => {
  it('find the bottom of a bowl', () => {
    const starts = () => Float32Array.of(0, 0, 0);
    const sgd = new Sgd({ learningRate: 0.03, momentum: 0.8 });
    assert.ok(descend(sgd, quadratic, starts(), 300) < 1e-6);
    assert.ok(descend(new Adam({ learningRate: 0.1 }), quadratic, starts(), 500) < 1e-6);
    assert.ok(descend(new LBfgs({ maxStep: 1 }), quadratic, starts(), 30) < 1e-6);
  });

  it('find the bottom of a bent valley', () => {
    const start = () => Float32Array.of(-1.2, 1);
    assert.ok(descend(new LBfgs({ maxStep: 0.2 }), rosenbrock, start(), 120) < 1e-6);
    assert.ok(descend(new Adam({ learningRate: 0.02 }), rosenbrock, start(), 3000) < 1e-3);
  });

  it('take the same steps every time', () => {
    for (const make of [
      () => new Adam({ learningRate: 0.05 }),
      () => new LBfgs({ maxStep: 0.3 }),
      () => new Sgd({ learningRate: 0.001 }),
    ]) {
      const [one, other] = [Float32Array.of(-1, 2), Float32Array.of(-1, 2)];
      descend(make(), rosenbrock, one, 25);
      descend(make(), rosenbrock, other, 25);
      assert.deepEqual(one, other);
    }
  });

  it('refuse a gradient of another length', () => {
    for (const optimiser of [new Adam({ learningRate: 1 }), new LBfgs({ maxStep: 1 })]) {
      const wrong = () => optimiser.step(new Float32Array(3), new Float32Array(2), 0);
      assert.throws(wrong, { code: 'PORTICO_NUMERIC_SHAPE' });
    }
  });
});

describe('Adam', () => {
  it('moves every parameter by the learning rate at first, whatever the gradient', () => {
    const x = Float32Array.of(0, 0, 0);
    new Adam({ learningRate: 0.25 }).step(x, Float32Array.of(1e-3, -5, 1e4));
    for (const [index, sign] of [-1, 1, -1].entries()) {
      assert.ok(Math.abs((x[index] ?? 0) - sign * 0.25) < 1e-5);
    }
  });

  it('continues from a stored state as if it had not stopped', () => {
    const [whole, parted] = [Float32Array.of(-1, 2), Float32Array.of(-1, 2)];
    const options = { learningRate: 0.05 };
    descend(new Adam(options), rosenbrock, whole, 20);
    const first = new Adam(options);
    descend(first, rosenbrock, parted, 8);
    const second = new Adam(options);
    second.restore(first.state);
    descend(second, rosenbrock, parted, 12);
    assert.deepEqual(parted, whole);
  });
});

describe('Sgd', () => {
  it('keeps its velocity, and pulls weights to zero', () => {
    const x = Float32Array.of(1);
    const sgd = new Sgd({ learningRate: 0.1, momentum: 0.5, weightDecay: 0.2 });
    sgd.step(x, Float32Array.of(1));
    assert.ok(Math.abs((x[0] ?? 0) - 0.88) < 1e-6);
    sgd.step(x, Float32Array.of(0));
    // Velocity 0.5 * 1.2 + 0.2 * 0.88.
    assert.ok(Math.abs((x[0] ?? 0) - (0.88 - 0.1 * 0.776)) < 1e-6);
  });
});

describe('L-BFGS', () => {
  it('never moves a parameter farther than its bound', () => {
    const value = fc.double({ min: -50, max: 50, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 5 }), (values) => {
        const x = Float32Array.from(values);
        const problem = bowl([1, 2, 3], [1, 30, 0.1, 4]);
        const optimiser = new LBfgs({ maxStep: 0.5 });
        for (let count = 0; count < 15; count++) {
          const before = x.slice();
          const { cost, gradient } = problem(x);
          optimiser.step(x, gradient, cost);
          for (const [index, at] of x.entries()) {
            assert.ok(Math.abs(at - (before[index] ?? 0)) <= 0.5 + 1e-4);
          }
        }
      }),
    );
  });

  it('respects limits that the caller keeps', () => {
    const x = Float32Array.of(0, 0, 0);
    const optimiser = new LBfgs({ maxStep: 0.5 });
    for (let count = 0; count < 40; count++) {
      const { cost, gradient } = quadratic(x);
      optimiser.step(x, gradient, cost);
      for (let index = 0; index < x.length; index++) {
        x[index] = Math.min(1, Math.max(-1, x[index] ?? 0));
      }
    }
    assert.deepEqual([x[0], x[1]], [1, -1]);
    assert.ok(Math.abs((x[2] ?? 0) - 0.5) < 0.05);
  });
});
