import { existsSync } from 'node:fs';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { ModelError } from '../domain/errors.ts';
import { seededRandom } from '../numeric/random.ts';
import type { Engine } from './engine.ts';
import {
  assertMinimum,
  PROVIDER_TOLERANCE,
  type Provider,
  type ProviderPolicy,
  type RungReport,
  relativeDifference,
  sessionOptions,
} from './providers.ts';
import { unmeasuredThreads } from './thread-choice.ts';
import { chooseThreads, type TimedRun } from './thread-probe.ts';

export interface TensorSpec {
  readonly name: string;
  readonly shape: readonly number[];
}

/** What a session must know of a prepared model. */
export interface SessionModel {
  readonly id: string;
  /** ONNX file on this machine. */
  readonly path: string;
  /** Of the file; what is measured of it is remembered under this. */
  readonly sha256?: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/** A model on one provider: created, but proven by nobody. */
interface Rung {
  readonly session: InferenceSession;
  readonly inputs: ReadonlyMap<string, Tensor>;
}

/**
 * One loaded model with its input buffers. Not reentrant: write inputs, run, read outputs.
 * Blocks its thread while it runs, so it belongs in a worker.
 */
export class ModelSession {
  readonly modelId: string;
  readonly provider: Provider;
  /** Every rung that was tried, the one in use last. */
  readonly ladder: readonly RungReport[];
  readonly #model: SessionModel;
  readonly #rung: Rung;
  readonly #outputs = new Map<string, Float32Array>();
  #busyMs = 0;
  #closed = false;

  private constructor(
    model: SessionModel,
    rung: Rung,
    provider: Provider,
    ladder: readonly RungReport[],
  ) {
    this.modelId = model.id;
    this.provider = provider;
    this.ladder = ladder;
    this.#model = model;
    this.#rung = rung;
  }

  /**
   * Loads the model on the first rung of the ladder that computes what the CPU computes.
   * @throws PORTICO_MODEL_MISSING, PORTICO_MODEL_SHAPE for the file;
   *         PORTICO_MODEL_PROVIDER when no rung at or above the minimum works
   */
  static async open(
    engine: Engine,
    model: SessionModel,
    policy: ProviderPolicy,
  ): Promise<ModelSession> {
    if (!existsSync(model.path)) throw missing(model);
    const reports: RungReport[] = [];
    const reference = await cpuReference(engine, model, policy);
    for (const provider of policy.ladder) {
      const { report, rung } = await prove(engine, model, policy, { provider, reference });
      reports.push(report);
      if (rung === undefined) continue;
      try {
        assertMinimum(model.id, provider, policy);
      } catch (fault) {
        await rung.session.release();
        throw fault;
      }
      return new ModelSession(model, rung, provider, reports);
    }
    throw new ModelError('PORTICO_MODEL_PROVIDER', {
      message: `${model.id}: no provider works: ${reports.map((report) => `${report.provider}: ${report.detail}`).join('; ')}`,
      remedy: 'Add "cpu" to inference.providers, or mend the driver named above.',
      context: { modelId: model.id },
    });
  }

  /** The buffer that the next run reads; the caller writes into it. Without a name: the only input. */
  input(name?: string): Float32Array {
    const wanted = name ?? this.#model.inputs[0]?.name ?? '';
    const data = this.#rung.inputs.get(wanted)?.data;
    if (data instanceof Float32Array) return data;
    throw shapeError(this.#model, `has no input "${wanted}"`);
  }

  /**
   * Result of the last run, valid until the next one.
   * @param name    as the manifest calls it; absent: the first output
   * @param length  what the caller relies on
   * @throws PORTICO_MODEL_SHAPE when there is no such output or its length differs
   */
  output(name?: string, length?: number): Float32Array {
    const wanted = name ?? this.#model.outputs[0]?.name ?? '';
    const data = this.#outputs.get(wanted);
    if (data === undefined) throw shapeError(this.#model, `has no output "${wanted}"`);
    if (length !== undefined && data.length !== length) {
      throw shapeError(this.#model, `gives ${data.length} numbers for "${wanted}", not ${length}`);
    }
    return data;
  }

  /** Time spent in the engine alone, over all runs since the session was opened. */
  get busyMs(): number {
    return this.#busyMs;
  }

  /** @throws PORTICO_MODEL_RUN when the engine fails */
  async run(): Promise<void> {
    const startedMs = performance.now();
    const results = await runRung(this.#model, this.#rung);
    this.#busyMs += performance.now() - startedMs;
    for (const [name, data] of results) this.#outputs.set(name, data);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#rung.session.release();
  }
}

/** Inputs for the warm-up: noise in [-1, 1), the same on every provider. */
function fillWithNoise(inputs: ReadonlyMap<string, Tensor>): void {
  const draw = seededRandom(1);
  for (const tensor of inputs.values()) {
    if (!(tensor.data instanceof Float32Array)) continue;
    for (let index = 0; index < tensor.data.length; index += 1) tensor.data[index] = draw() * 2 - 1;
  }
}

type Outputs = ReadonlyMap<string, Float32Array>;

/** What the CPU says to the warm-up's noise; empty when no other provider has to be held against it. */
async function cpuReference(
  engine: Engine,
  model: SessionModel,
  policy: ProviderPolicy,
): Promise<Outputs> {
  if (policy.ladder.every((provider) => provider === 'cpu')) return new Map();
  const rung = await createRung(engine, model, 'cpu', unmeasuredThreads(policy.threads));
  fillWithNoise(rung.inputs);
  const outputs = await runRung(model, rung);
  await rung.session.release();
  return outputs;
}

async function prove(
  engine: Engine,
  model: SessionModel,
  policy: ProviderPolicy,
  on: { readonly provider: Provider; readonly reference: Outputs },
): Promise<{ readonly report: RungReport; readonly rung?: Rung }> {
  const { provider, reference } = on;
  const about = { modelId: model.id, provider };
  let rung: Rung | undefined;
  try {
    const choice =
      provider === 'cpu'
        ? await chooseThreads(policy.threads, {
            sha256: model.sha256,
            open: (count) => timedRun(engine, model, count),
          })
        : undefined;
    const threads = choice?.threads ?? unmeasuredThreads(policy.threads);
    rung = await createRung(engine, model, provider, threads);
    fillWithNoise(rung.inputs);
    await runRung(model, rung);
    const startedMs = performance.now();
    const outputs = await runRung(model, rung);
    const warmUpMs = performance.now() - startedMs;
    const maxDifference = largestDifference(reference, outputs);
    const measured = {
      ...about,
      ...{ warmUpMs, maxDifference },
      ...(choice === undefined ? {} : { threads: choice }),
    };
    if (maxDifference <= PROVIDER_TOLERANCE) {
      return { report: { ...measured, outcome: 'in-use', detail: 'proven by warm-up' }, rung };
    }
    await rung.session.release();
    const detail = `differs from the CPU by ${maxDifference.toPrecision(2)} of the output's range`;
    return { report: { ...measured, outcome: 'disagrees', detail } };
  } catch (fault) {
    await rung?.session.release();
    // A wrong file is wrong on every provider; only a provider's own failure is worth another rung.
    if (fault instanceof ModelError && fault.code === 'PORTICO_MODEL_SHAPE') throw fault;
    const detail = fault instanceof Error ? firstLine(fault) : String(fault);
    return { report: { ...about, outcome: 'unavailable', detail } };
  }
}

/** The model on the CPU with so many threads, fed with noise. */
async function timedRun(engine: Engine, model: SessionModel, threads: number): Promise<TimedRun> {
  const rung = await createRung(engine, model, 'cpu', threads);
  fillWithNoise(rung.inputs);
  return { run: () => runRung(model, rung), close: () => rung.session.release() };
}

function firstLine(fault: Error): string {
  const deepest = fault.cause instanceof Error ? fault.cause : fault;
  return deepest.message.split('\n')[0] ?? deepest.message;
}

function largestDifference(reference: Outputs, outputs: Outputs): number {
  let largest = 0;
  for (const [name, expected] of reference) {
    const actual = outputs.get(name) ?? new Float32Array();
    largest = Math.max(largest, relativeDifference(expected, actual));
  }
  return largest;
}

async function createRung(
  engine: Engine,
  model: SessionModel,
  provider: Provider,
  threads: number,
): Promise<Rung> {
  const session = await createSession(engine, model, sessionOptions(provider, threads));
  const lacking = [
    ...model.inputs.filter((input) => !session.inputNames.includes(input.name)),
    ...model.outputs.filter((output) => !session.outputNames.includes(output.name)),
  ];
  if (lacking.length > 0 || session.inputNames.length !== model.inputs.length) {
    await session.release();
    throw shapeError(
      model,
      `has inputs ${session.inputNames.join(', ')} and outputs ${session.outputNames.join(', ')}, which its manifest does not describe`,
    );
  }
  const inputs = new Map(
    model.inputs.map(({ name, shape }) => {
      const data = new Float32Array(shape.reduce((product, length) => product * length, 1));
      return [name, new engine.Tensor('float32', data, shape)] as const;
    }),
  );
  return { session, inputs };
}

async function createSession(
  engine: Engine,
  model: SessionModel,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  try {
    return await engine.InferenceSession.create(model.path, options);
  } catch (cause) {
    throw runError(model, 'cannot be loaded', cause);
  }
}

/** One run with the outputs' shapes checked. */
async function runRung(model: SessionModel, rung: Rung): Promise<Outputs> {
  let results: InferenceSession.OnnxValueMapType;
  try {
    results = await rung.session.run(Object.fromEntries(rung.inputs));
  } catch (cause) {
    throw runError(model, 'failed while it ran', cause);
  }
  const outputs = new Map<string, Float32Array>();
  for (const { name, shape } of model.outputs) {
    const tensor = results[name];
    const data = tensor?.data;
    if (!(data instanceof Float32Array) || tensor?.dims.join() !== shape.join()) {
      const found = tensor === undefined ? 'nothing' : `${tensor.type} [${tensor.dims.join(', ')}]`;
      throw shapeError(model, `gives ${found} for "${name}", not float32 [${shape.join(', ')}]`);
    }
    outputs.set(name, data);
  }
  return outputs;
}

function missing(model: SessionModel): ModelError {
  return new ModelError('PORTICO_MODEL_MISSING', {
    message: `the model ${model.id} is not at ${model.path}`,
    remedy: 'Run `portico models prepare`.',
    context: { modelId: model.id },
  });
}

function shapeError(model: SessionModel, what: string): ModelError {
  return new ModelError('PORTICO_MODEL_SHAPE', {
    message: `the model ${model.id} (${model.path}) ${what}`,
    remedy: 'Run `portico models verify`; if it is your own model, correct its manifest.',
    context: { modelId: model.id },
  });
}

function runError(model: SessionModel, what: string, cause: unknown): ModelError {
  return new ModelError('PORTICO_MODEL_RUN', {
    message: `the model ${model.id} (${model.path}) ${what}`,
    remedy: 'Run `portico models verify` and `portico doctor`.',
    cause,
    context: { modelId: model.id },
  });
}
