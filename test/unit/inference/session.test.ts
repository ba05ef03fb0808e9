import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../../../src/inference/engine.ts';
import type { Provider, ProviderPolicy } from '../../../src/inference/providers.ts';
import { ModelSession, type SessionModel } from '../../../src/inference/session.ts';

/** Doubles its input; each provider may break in its own way. */
interface Behaviour {
  readonly create?: () => void;
  readonly factor?: number;
  readonly dims?: readonly number[];
  readonly run?: () => void;
}

class FakeTensor {
  readonly type: string;
  readonly data: Float32Array;
  readonly dims: readonly number[];
  constructor(type: string, data: Float32Array, dims: readonly number[]) {
    this.type = type;
    this.data = data;
    this.dims = dims;
  }
}

function fakeEngine(behaviours: Partial<Record<Provider, Behaviour>>) {
  const open = new Set<object>();
  const create = async (
    _path: string,
    options: { executionProviders: readonly [Provider] },
  ): Promise<object> => {
    const behaviour = behaviours[options.executionProviders[0]];
    if (behaviour === undefined) throw new Error('not enabled in this build\nsecond line');
    behaviour.create?.();
    const session = {
      inputNames: ['in'],
      outputNames: ['out', 'spare'],
      run: async (feeds: Record<string, FakeTensor>) => {
        behaviour.run?.();
        const { in: input } = feeds;
        const data = input!.data.map((value) => value * (behaviour.factor ?? 2));
        return { out: new FakeTensor('float32', data, behaviour.dims ?? [1, 3]) };
      },
      release: async () => {
        open.delete(session);
      },
    };
    open.add(session);
    return session;
  };
  const engine = { InferenceSession: { create }, Tensor: FakeTensor } as unknown as Engine;
  return { engine, open };
}

const model: SessionModel = {
  id: 'double',
  path: fileURLToPath(import.meta.url),
  inputs: [{ name: 'in', shape: [1, 3] }],
  outputs: [{ name: 'out', shape: [1, 3] }],
};
const policy = (...ladder: Provider[]): ProviderPolicy => ({ ladder, minimum: 'cpu', threads: 1 });

describe('ModelSession', () => {
  it('runs on what the caller wrote and keeps the result until the next run', async () => {
    const { engine } = fakeEngine({ cpu: {} });
    const session = await ModelSession.open(engine, model, policy('cpu'));
    session.input().set([1, 2, 3]);
    await session.run();
    assert.deepEqual([...session.output()], [2, 4, 6]);
    session.input('in').fill(5);
    await session.run();
    assert.deepEqual([...session.output('out', 3)], [10, 10, 10]);
    assert.ok(session.busyMs >= 0);
  });

  it('takes the first rung that agrees with the CPU and reports every one', async () => {
    const { engine, open } = fakeEngine({ cpu: {}, cuda: { factor: 2.001 } });
    const session = await ModelSession.open(engine, model, policy('tensorrt', 'cuda', 'cpu'));
    assert.equal(session.provider, 'cuda');
    assert.deepEqual(
      session.ladder.map(({ provider, outcome }) => [provider, outcome]),
      [
        ['tensorrt', 'unavailable'],
        ['cuda', 'in-use'],
      ],
    );
    assert.equal(session.ladder[0]?.detail, 'not enabled in this build');
    assert.ok((session.ladder[1]?.maxDifference ?? 1) < 0.001);
    assert.equal(open.size, 1);
  });

  it('refuses a rung whose numbers are wrong', async () => {
    const { engine, open } = fakeEngine({ cpu: {}, cuda: { factor: 0 } });
    const session = await ModelSession.open(engine, model, policy('cuda', 'cpu'));
    assert.equal(session.provider, 'cpu');
    assert.equal(session.ladder[0]?.outcome, 'disagrees');
    assert.equal(open.size, 1);
  });

  it('refuses a rung that computes nonsense or dies in the warm-up', async () => {
    const dies = () => {
      throw new Error('no kernel image');
    };
    for (const broken of [{ factor: Number.NaN }, { run: dies }, { create: dies }]) {
      const { engine, open } = fakeEngine({ cpu: {}, cuda: broken });
      const session = await ModelSession.open(engine, model, policy('cuda', 'cpu'));
      assert.equal(session.provider, 'cpu');
      assert.equal(open.size, 1);
    }
  });

  it('refuses to run below the required provider', async () => {
    const { engine, open } = fakeEngine({ cpu: {} });
    const required: ProviderPolicy = { ...policy('cuda', 'cpu'), minimum: 'cuda' };
    await assert.rejects(ModelSession.open(engine, model, required), {
      code: 'PORTICO_MODEL_PROVIDER',
    });
    assert.equal(open.size, 0);
  });

  it('names every rung when none works', async () => {
    const { engine } = fakeEngine({ cpu: {} });
    await assert.rejects(ModelSession.open(engine, model, policy('tensorrt', 'cuda')), {
      code: 'PORTICO_MODEL_PROVIDER',
      message: /tensorrt: not enabled.*cuda: not enabled/,
    });
  });

  it('refuses a model whose outputs or inputs are not what its manifest says', async () => {
    const { engine, open } = fakeEngine({ cpu: { dims: [1, 4] } });
    await assert.rejects(ModelSession.open(engine, model, policy('cpu')), {
      code: 'PORTICO_MODEL_SHAPE',
      message: /"out".*\[1, 3\]/,
    });
    const renamed = { ...model, inputs: [{ name: 'picture', shape: [1, 3] }] };
    await assert.rejects(ModelSession.open(engine, renamed, policy('cpu')), {
      code: 'PORTICO_MODEL_SHAPE',
    });
    assert.equal(open.size, 0);
  });

  it('refuses to be read for what it does not give', async () => {
    const { engine } = fakeEngine({ cpu: {} });
    const session = await ModelSession.open(engine, model, policy('cpu'));
    await session.run();
    assert.throws(() => session.output('scores'), { code: 'PORTICO_MODEL_SHAPE' });
    assert.throws(() => session.output('out', 896), { code: 'PORTICO_MODEL_SHAPE' });
    assert.throws(() => session.input('other'), { code: 'PORTICO_MODEL_SHAPE' });
  });

  it('says which file is missing and how to make it', async () => {
    const { engine } = fakeEngine({ cpu: {} });
    const absent = { ...model, path: '/nowhere/model.onnx' };
    await assert.rejects(ModelSession.open(engine, absent, policy('cpu')), {
      code: 'PORTICO_MODEL_MISSING',
      message: /\/nowhere\/model\.onnx/,
      remedy: /portico models prepare/,
    });
  });

  it('turns a failing run into a fault that names the model', async () => {
    let fails = false;
    const run = () => {
      if (fails) throw new Error('out of memory');
    };
    const { engine } = fakeEngine({ cpu: { run } });
    const session = await ModelSession.open(engine, model, policy('cpu'));
    fails = true;
    await assert.rejects(session.run(), { code: 'PORTICO_MODEL_RUN', message: /double/ });
  });

  it('releases the engine once, however often it is closed', async () => {
    const { engine, open } = fakeEngine({ cpu: {} });
    const session = await ModelSession.open(engine, model, policy('cpu'));
    await session.close();
    await session.close();
    assert.equal(open.size, 0);
  });
});
